package dev.nearside.serve.anthropic;

import dev.nearside.chat.Finished;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.Usage;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.Ids;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/messages}. */
public record Messages(Services services) implements Endpoint {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String path() {
    return "/v1/messages";
  }

  @Override
  public Dialect dialect() {
    return new AnthropicErrors();
  }

  @Override
  public String promptField() {
    return "messages";
  }

  @Override
  public Doc doc() {
    return Doc.of("Answers a chat, in Anthropic's words.", MessagesFields.SHAPE).orEvents();
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    MessagesFields asked = MessagesFields.read(exchange.fields());
    try (ModelLease lease = services.models().acquire(asked.model(), null)) {
      asked.media().check(lease.facts());
      if (asked.isStream()) {
        stream(exchange, asked, lease);
      } else {
        BlockWriter writer = new BlockWriter((type, event) -> {});
        Finished end = lease.chats().chat(asked.request(), writer);
        writer.finish();
        ObjectNode message = message(asked.model());
        ArrayNode content = message.putArray("content");
        writer.blocks().forEach(content::add);
        message.setAll(ending(end));
        message.set("usage", usage(end.usage()));
        AnthropicErrors.name(exchange);
        exchange.json(200, message);
      }
    }
  }

  private static void stream(Exchange exchange, MessagesFields asked, ModelLease lease)
      throws Exception {
    ObjectNode start = message(asked.model());
    start.putArray("content");
    start.putNull("stop_reason").putNull("stop_sequence");
    // What of the prompt was cached shows at the end, and is told there.
    start.set("usage", usage(new Usage(lease.tokens().count(asked.request()), 0, 1)));
    try (MessageStream stream = new MessageStream(exchange, start)) {
      try {
        AnthropicErrors.name(exchange);
        BlockWriter writer = new BlockWriter(stream);
        Finished end = lease.chats().chat(asked.request(), writer);
        writer.finish();
        stream.finish(ending(end), usage(end.usage()));
      } catch (Exception e) {
        stream.fail(e);
      }
    }
  }

  private static ObjectNode message(String model) {
    return Json.object()
        .put("id", Ids.next("msg_"))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  private static ObjectNode ending(Finished end) {
    String reason =
        switch (end.reason()) {
          case STOP -> end.stop() == null ? "end_turn" : "stop_sequence";
          case CANCELLED -> "end_turn";
          case TOOL_CALLS -> "tool_use";
          case LENGTH -> "max_tokens";
        };
    return Json.object().put("stop_reason", reason).put("stop_sequence", end.stop());
  }

  // Anthropic's input tokens are those that were not read from the cache.
  private static ObjectNode usage(Usage usage) {
    return Json.object()
        .put("input_tokens", usage.promptTokens() - usage.cachedTokens())
        .put("cache_creation_input_tokens", 0)
        .put("cache_read_input_tokens", usage.cachedTokens())
        .put("output_tokens", usage.completionTokens());
  }
}
