package dev.nearside.serve.system;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.openai.OpenAiErrors;
import java.io.IOException;

/** {@code GET /version}. */
public record ProgramVersion(Services services) implements Endpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/version";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public Doc doc() {
    return Doc.of("The version of this server.");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.json(200, Json.object().put("version", services.version()));
  }
}
