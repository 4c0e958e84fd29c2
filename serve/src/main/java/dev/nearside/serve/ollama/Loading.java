package dev.nearside.serve.ollama;

import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Requests that ask nothing: they load a model, or with {@code keep_alive} 0 unload it. */
final class Loading {
  private Loading() {}

  static void answer(
      Exchange exchange, Services services, ReplyHead head, @Nullable Duration keepAlive)
      throws IOException, InterruptedException {
    boolean isUnload = keepAlive != null && keepAlive.isZero();
    if (isUnload) {
      services.models().unload(head.model());
    } else {
      try (ModelLease lease = services.models().acquire(head.model(), keepAlive)) {
        lease.facts(); // being there is all that is wanted
      }
    }
    ObjectNode object = head.object();
    head.shape().put(object, "", "", Json.array());
    object.put("done", true).put("done_reason", isUnload ? "unload" : "load");
    exchange.json(200, object);
  }
}
