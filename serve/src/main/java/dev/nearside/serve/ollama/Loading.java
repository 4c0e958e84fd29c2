package dev.nearside.serve.ollama;

import dev.nearside.base.Fault;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.guard.Caller;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.keys.Scope;
import dev.nearside.serve.reply.KeepAlive;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Requests that ask nothing: they load a model, or with {@code keep_alive} 0 unload it. */
final class Loading {
  private Loading() {}

  static void answer(Exchange exchange, Services services, ReplyHead head, Fields f)
      throws IOException, InterruptedException {
    Duration asked = KeepAlive.asked(f);
    boolean isUnload = asked != null && asked.isZero();
    if (isUnload) {
      if (!Caller.isTrusted()) {
        throw HttpProblem.of(
            HttpProblem.Kind.FORBIDDEN,
            Fault.of("the API key does not allow to unload models")
                .expected(Scope.ADMIN.wireName()));
      }
      services.models().unload(head.model());
    } else {
      try (ModelLease lease = services.models().acquire(head.model(), KeepAlive.read(f))) {
        lease.facts(); // being there is all that is wanted
      }
    }
    ObjectNode object = head.object();
    head.shape().put(object, "", "", Json.array());
    object.put("done", true).put("done_reason", isUnload ? "unload" : "load");
    exchange.json(200, object);
  }
}
