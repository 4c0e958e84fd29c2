package dev.nearside.serve.ollama;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.serve.http.Json;
import java.time.Clock;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all objects of one reply have in common.
 *
 * @param model as the request names it
 */
record ReplyHead(String model, Clock clock, Shape shape) {
  /** The beginning of an object. */
  ObjectNode object() {
    return Json.object().put("model", model).put("created_at", clock.instant().toString());
  }

  /** The fields of the last object. */
  static void finish(ObjectNode object, Finished end, Times times) {
    object
        .put("done", true)
        .put("done_reason", end.reason() == FinishReason.LENGTH ? "length" : "stop")
        .put("total_duration", System.nanoTime() - times.beganNanos())
        .put("load_duration", times.loadNanos())
        .put("prompt_eval_count", end.usage().promptTokens())
        .put("prompt_eval_duration", end.timings().promptNanos())
        .put("eval_count", end.usage().completionTokens())
        .put("eval_duration", end.timings().decodeNanos());
  }

  /**
   * Times that the backend does not know.
   *
   * @param beganNanos when the request came, by {@link System#nanoTime}
   * @param loadNanos how long the model took to be there
   */
  record Times(long beganNanos, long loadNanos) {}
}
