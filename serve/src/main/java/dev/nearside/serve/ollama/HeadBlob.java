package dev.nearside.serve.ollama;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.keys.Scope;
import java.io.IOException;

/** {@code HEAD /api/blobs/:digest}: whether a file is here. */
public record HeadBlob(Services services) implements OllamaEndpoint {
  @Override
  public String method() {
    return "HEAD";
  }

  @Override
  public String path() {
    return "/api/blobs/{digest}";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    String sha256 = Blob.sha256(exchange.pathParam("digest"));
    exchange.status(services.hub().hasBlob(sha256) ? 200 : 404);
  }
}
