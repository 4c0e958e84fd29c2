package dev.nearside.serve.ollama;

import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.keys.Scope;

/** {@code POST /api/pull}: brings a model here. A client that goes away stops it. */
public record Pull(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/pull";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    String name = ModelField.read(f);
    StatusLines.run(
        exchange,
        f.flag("stream", true),
        lines -> {
          PullLines listener = new PullLines(lines, name, services.hub().catalogue());
          services.hub().pull(name, listener);
          listener.finish();
        });
  }
}
