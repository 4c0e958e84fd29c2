package dev.nearside.serve.openai;

import dev.nearside.serve.http.Json;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** What every object of one reply begins with. */
record ChatHead(String id, Instant created, String model) {
  ObjectNode object(String type) {
    return Json.object()
        .put("id", id)
        .put("object", type)
        .put("created", created.getEpochSecond())
        .put("model", model)
        .put("system_fingerprint", "nearside");
  }
}
