package dev.nearside.serve.ollama;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.keys.Scope;

/** {@code POST /api/push}: not offered. */
public record Push() implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/push";
  }

  @Override
  public Scope scope() {
    return Scope.ADMIN;
  }

  @Override
  public void handle(Exchange exchange) {
    throw HttpProblem.of(
        HttpProblem.Kind.NOT_IMPLEMENTED,
        Fault.of("models can't be pushed from here").hint("The store is for this machine alone."));
  }
}
