package dev.nearside.serve.ollama;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import java.io.IOException;

/** {@code GET /api/version}. */
public record Version(Services services) implements OllamaEndpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/api/version";
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.json(200, Json.object().put("version", services.version()));
  }
}
