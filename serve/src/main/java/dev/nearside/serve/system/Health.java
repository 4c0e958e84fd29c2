package dev.nearside.serve.system;

import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.openai.OpenAiErrors;
import java.io.IOException;

/**
 * {@code GET /health}: whether the server answers. Models load when asked for, so there is nothing
 * to wait for.
 *
 * @param path one of several that clients know
 */
public record Health(String path) implements Endpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public Scope scope() {
    return Scope.OPEN;
  }

  @Override
  public Doc doc() {
    return Doc.of("Whether the server answers.");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.json(200, Json.object().put("status", "ok"));
  }
}
