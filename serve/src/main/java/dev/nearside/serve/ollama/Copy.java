package dev.nearside.serve.ollama;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.keys.Scope;
import java.io.IOException;

/** {@code POST /api/copy}: a second name for a model. */
public record Copy(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/copy";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    Fields f = exchange.fields();
    services.hub().copy(f.needText("source"), f.needText("destination"));
    exchange.status(200);
  }
}
