package dev.nearside.serve.ollama;

import dev.nearside.chat.LoadedModelState;
import dev.nearside.hub.LocalModel;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /api/ps}: the models in memory. */
public record Ps(Services services) implements OllamaEndpoint {
  // Clients read a time here; a model that stays for ever leaves in a hundred years.
  private static final Duration EVER = Duration.ofDays(36_500);

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/api/ps";
  }

  @Override
  public void handle(Exchange exchange) throws IOException {
    ObjectNode body = Json.object();
    ArrayNode models = body.putArray("models");
    for (LoadedModelState state : services.models().loaded()) {
      String name = state.facts().name();
      ObjectNode node =
          models
              .addObject()
              .put("name", name)
              .put("model", name)
              .put("size", state.weightBytes() + state.kvBytes());
      Optional<LocalModel> local = services.hub().find(name);
      local.ifPresent(model -> {
        node.put("digest", Details.digest(model));
        node.set("details", Details.of(model, services.workshop().brief(model)));
      });
      Instant expires = state.expires();
      node.put(
          "expires_at",
          (expires == null ? services.clock().instant().plus(EVER) : expires).toString());
      node.put("size_vram", 0).put("context_length", state.facts().contextLength());
    }
    exchange.json(200, body);
  }
}
