package dev.nearside.serve.openai;

import dev.nearside.chat.ChatBackend;
import dev.nearside.chat.ChatRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.fields.UnnamedModel;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.EventStream;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import dev.nearside.serve.reply.Ids;
import dev.nearside.serve.reply.ReplyCollector;
import dev.nearside.serve.reply.Several;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/chat/completions}.
 *
 * @param path one of two that clients know
 */
public record ChatCompletions(Services services, String path) implements Endpoint {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public Dialect dialect() {
    return new OpenAiErrors();
  }

  @Override
  public String promptField() {
    return "messages";
  }

  @Override
  public Doc doc() {
    return Doc.of("Answers a chat.", ChatFields.SHAPE).orEvents();
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    ChatFields asked = ChatFields.read(UnnamedModel.named(exchange.fields(), path, services));
    ChatHead head = new ChatHead(Ids.next("chatcmpl-"), services.clock().instant(), asked.model());
    try (ModelLease lease = services.models().acquire(asked.model(), asked.keepAlive())) {
      asked.media().check(lease.facts());
      List<ChatRequest> requests = Several.of(asked.request(), asked.count());
      if (asked.isStream()) {
        stream(exchange, asked, head, requests, lease.chats());
      } else {
        whole(exchange, asked, head, requests, lease.chats());
      }
    }
  }

  private static void whole(
      Exchange exchange,
      ChatFields asked,
      ChatHead head,
      List<ChatRequest> requests,
      ChatBackend backend)
      throws Exception {
    List<ReplyCollector> replies = new ArrayList<>();
    requests.forEach(r -> replies.add(new ReplyCollector()));
    List<Finished> ends =
        Several.run("n", requests.size(), i -> backend.chat(requests.get(i), replies.get(i)));
    ObjectNode body = head.object("chat.completion");
    ArrayNode choices = body.putArray("choices");
    for (int i = 0; i < replies.size(); i++) {
      choices.add(choice(i, replies.get(i), ends.get(i), asked));
    }
    body.set("usage", Replies.usage(ends));
    body.set("timings", Replies.timings(ends.getFirst()));
    exchange.json(200, body);
  }

  private static ObjectNode choice(
      int index, ReplyCollector reply, Finished end, ChatFields asked) {
    ObjectNode choice = Json.object().put("index", index);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    boolean isEmpty = reply.text().isEmpty() && !reply.calls().isEmpty();
    message.put("content", isEmpty ? null : reply.text());
    message.putNull("refusal");
    if (!reply.reasoning().isEmpty()) {
      message.put("reasoning_content", reply.reasoning());
    }
    if (!reply.calls().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (ReplyCollector.Call call : reply.calls()) {
        ObjectNode node = calls.addObject().put("id", call.id()).put("type", "function");
        node.putObject("function")
            .put("name", call.name())
            .put("arguments", call.arguments().toString());
      }
    }
    if (asked.request().generation().logprobs() == null) {
      choice.putNull("logprobs");
    } else {
      ObjectNode logprobs = choice.putObject("logprobs");
      logprobs.set("content", Replies.logprobs(reply.logprobs()));
      logprobs.putNull("refusal");
    }
    return choice.put("finish_reason", Replies.reason(end.reason()));
  }

  // The stream begins with the first event: what is wrong with a request shows before that, and is
  // answered with a status.
  private static void stream(
      Exchange exchange,
      ChatFields asked,
      ChatHead head,
      List<ChatRequest> requests,
      ChatBackend backend)
      throws Exception {
    try (LazyStream stream = new LazyStream(exchange)) {
      List<Finished> ends;
      try {
        ends =
            Several.run(
                "n",
                requests.size(),
                i -> {
                  ChatChunks chunks = new ChatChunks(stream, head, i, asked.hasUsage());
                  Finished end = backend.chat(requests.get(i), chunks);
                  chunks.finish(end);
                  return end;
                });
      } catch (Exception e) {
        stream.fail(e, new OpenAiErrors());
        return;
      }
      stream.close();
      try (EventStream events = stream.events()) {
        if (asked.hasUsage()) {
          ObjectNode last = head.object("chat.completion.chunk");
          last.putArray("choices");
          last.set("usage", Replies.usage(ends));
          last.set("timings", Replies.timings(ends.getFirst()));
          events.send(last);
        }
        events.sendText("[DONE]");
      }
    }
  }
}
