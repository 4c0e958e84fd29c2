package dev.nearside.serve.ollama;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.keys.Scope;
import java.io.InputStream;

/** {@code POST /api/blobs/:digest}: stores a file, which goes to the disk as it comes. */
public record PostBlob(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/blobs/{digest}";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    String sha256 = Blob.sha256(exchange.pathParam("digest"));
    if (services.hub().hasBlob(sha256)) {
      exchange.setHeader("Connection", "close"); // the body is left unread
      exchange.status(200);
      return;
    }
    try (InputStream body = exchange.bodyStream()) {
      services.hub().putBlob(sha256, body);
    }
    exchange.status(201);
  }
}
