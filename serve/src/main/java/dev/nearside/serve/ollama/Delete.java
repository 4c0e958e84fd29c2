package dev.nearside.serve.ollama;

import dev.nearside.chat.UnknownModelException;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.keys.Scope;
import java.io.IOException;

/** {@code DELETE /api/delete}: removes a model from the store. */
public record Delete(Services services) implements OllamaEndpoint {
  @Override
  public String method() {
    return "DELETE";
  }

  @Override
  public String path() {
    return "/api/delete";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    String name = ModelField.read(exchange.fields());
    unload(name);
    services.hub().remove(name);
    exchange.status(200);
  }

  private void unload(String name) {
    try {
      services.models().unload(name);
    } catch (UnknownModelException e) {
      // A damaged model can't be loaded, but may be removed; one that is not there is the hub's
      // error.
      return;
    }
  }
}
