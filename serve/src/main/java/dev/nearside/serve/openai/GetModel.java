package dev.nearside.serve.openai;

import dev.nearside.hub.LocalModel;
import dev.nearside.hub.UnknownModelException;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import java.io.IOException;

/** {@code GET /v1/models/{model}}: one of them. Names may hold slashes. */
public record GetModel(Services services) implements Endpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/v1/models/{model...}";
  }

  @Override
  public Dialect dialect() {
    return new ModelsDialect();
  }

  @Override
  public Doc doc() {
    return Doc.of("A model that is here.");
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    LocalModel model;
    try {
      model = services.hub().resolve(exchange.pathParam("model"));
    } catch (UnknownModelException e) {
      throw HttpProblem.of(HttpProblem.Kind.MODEL_NOT_FOUND, e.fault());
    }
    exchange.json(
        200,
        ModelsDialect.isAnthropic(exchange)
            ? ModelObjects.anthropic(model)
            : ModelObjects.openAi(model));
  }
}
