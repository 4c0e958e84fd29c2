package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.KeepAlive;
import java.time.Duration;

/** {@code POST /api/chat}. */
public record Chat(Services services) implements OllamaEndpoint {
  @Override
  public String path() {
    return "/api/chat";
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    long began = System.nanoTime();
    Fields f = exchange.fields();
    ReplyHead head = new ReplyHead(ModelField.read(f), services.clock(), Shape.CHAT);
    Duration keepAlive = KeepAlive.read(f);
    ChatFields asked = ChatFields.read(f);
    if (asked.messages().isEmpty()) {
      Loading.answer(exchange, services, head, f);
      return;
    }
    boolean isStream = f.flag("stream", true);
    try (ModelLease lease = services.models().acquire(head.model(), keepAlive)) {
      ReplyHead.Times times = new ReplyHead.Times(began, System.nanoTime() - began);
      ChatRequest request = asked.request(lease.facts());
      if (isStream) {
        stream(exchange, head, times, lease, request);
      } else {
        WholeReply reply = new WholeReply();
        Finished end = lease.chats().chat(request, reply);
        exchange.json(200, reply.object(head, end, times, Json.array()));
      }
    }
  }

  private static void stream(
      Exchange exchange,
      ReplyHead head,
      ReplyHead.Times times,
      ModelLease lease,
      ChatRequest request)
      throws Exception {
    try (LazyLines lines = new LazyLines(exchange)) {
      try {
        ReplyLines reply = new ReplyLines(lines, head);
        Finished end = lease.chats().chat(request, reply);
        reply.finish(end, times, Json.array());
      } catch (Exception e) {
        lines.fail(e);
      }
    }
  }
}
