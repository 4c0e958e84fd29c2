package dev.nearside.serve.ollama;

import dev.nearside.hub.LocalModel;
import dev.nearside.serve.ModelBrief;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /api/tags}: the models that are here. */
public record Tags(Services services) implements OllamaEndpoint {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/api/tags";
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    ObjectNode body = Json.object();
    ArrayNode models = body.putArray("models");
    for (LocalModel model : services.hub().list()) {
      ObjectNode node =
          models
              .addObject()
              .put("name", model.name())
              .put("model", model.name())
              .put("modified_at", model.modifiedAt().toString())
              .put("size", model.bytes())
              .put("digest", Details.digest(model));
      ModelBrief brief = services.workshop().brief(model);
      node.set("details", Details.of(model, brief));
      node.putArray("capabilities").add(brief.purpose());
    }
    exchange.json(200, body);
  }
}
