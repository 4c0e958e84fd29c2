package dev.nearside.serve.ollama;

import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;

/** {@code POST /api/generate}. */
public record Generate(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/generate";
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    long began = System.nanoTime();
    Fields f = exchange.fields();
    ReplyHead head = new ReplyHead(ModelField.read(f), services.clock(), Shape.GENERATE);
    Duration keepAlive = KeepAlive.read(f);
    GenerateFields asked = GenerateFields.read(f);
    if (asked.isEmpty()) {
      Loading.answer(exchange, services, head, f);
      return;
    }
    boolean isStream = f.flag("stream", true);
    try (ModelLease lease = services.models().acquire(head.model(), keepAlive)) {
      ReplyHead.Times times = new ReplyHead.Times(began, System.nanoTime() - began);
      GenerateTask task = GenerateTask.of(asked, lease, services.clock());
      if (isStream) {
        stream(exchange, head, times, task);
      } else {
        WholeReply reply = new WholeReply();
        Finished end = task.run(reply);
        exchange.json(200, reply.object(head, end, times, task.context(reply.text())));
      }
    }
  }

  private static void stream(
      Exchange exchange, ReplyHead head, ReplyHead.Times times, GenerateTask task)
      throws Exception {
    try (LazyLines lines = new LazyLines(exchange)) {
      try {
        ReplyLines reply = new ReplyLines(lines, head);
        Finished end = task.run(reply);
        reply.finish(end, times, task.context(reply.text()));
      } catch (Exception e) {
        lines.fail(e);
      }
    }
  }
}
