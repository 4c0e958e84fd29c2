package dev.nearside.serve.ollama;

import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.keys.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /}: what clients ask to see whether somebody is there. */
public record Running() implements OllamaEndpoint {
  private static final byte[] TEXT = "Nearside is running".getBytes(StandardCharsets.UTF_8);

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public Scope scope() {
    return Scope.OPEN;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    exchange.bytes(200, "text/plain; charset=utf-8", TEXT);
  }
}
