package dev.nearside.serve.openai;

import dev.nearside.hub.LocalModel;
import dev.nearside.serve.http.Json;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ObjectNode;

/** A model as OpenAI and as Anthropic show it. */
final class ModelObjects {
  private ModelObjects() {}

  static ObjectNode openAi(LocalModel model) {
    return Json.object()
        .put("id", model.name())
        .put("object", "model")
        .put("created", model.modifiedAt().getEpochSecond())
        .put("owned_by", "nearside");
  }

  static ObjectNode anthropic(LocalModel model) {
    return Json.object()
        .put("type", "model")
        .put("id", model.name())
        .put("display_name", model.name())
        .put("created_at", model.modifiedAt().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
