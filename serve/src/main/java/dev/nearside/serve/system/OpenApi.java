package dev.nearside.serve.system;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.openai.OpenAiErrors;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code GET /openapi.json}: what all endpoints say of themselves.
 *
 * @param endpoints all, this one too
 */
public record OpenApi(String version, Supplier<List<Endpoint>> endpoints) implements Endpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/openapi.json";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public Doc doc() {
    return Doc.of("This description.");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.json(200, OpenApiDocument.of(version, endpoints.get()));
  }
}
