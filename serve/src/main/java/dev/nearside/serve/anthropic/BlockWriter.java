package dev.nearside.serve.anthropic;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.Ids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes blocks of a reply, one after the other, and tells of every step. Who wants the whole alone
 * does not listen.
 */
final class BlockWriter implements ChatSink {
  /** Takes the events of a stream. */
  @FunctionalInterface
  interface Listener {
    void on(String type, ObjectNode event) throws SinkClosedException;
  }

  private enum Kind {
    TEXT,
    THINKING,
    TOOL_USE
  }

  /** The block that is being written. */
  private record Open(Kind kind, ObjectNode block, StringBuilder text) {
    Open(Kind kind, ObjectNode block) {
      this(kind, block, new StringBuilder());
    }
  }

  private final Listener listener;
  private final List<JsonNode> blocks = new ArrayList<>();
  private @Nullable Open open;

  BlockWriter(Listener listener) {
    this.listener = listener;
  }

  /** The finished blocks. */
  List<JsonNode> blocks() {
    return blocks;
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    switch (event) {
      case ChatEvent.Text(String text) ->
          write(need(Kind.TEXT), text, Json.object().put("type", "text_delta").put("text", text));
      case ChatEvent.Reasoning(String text) ->
          write(
              need(Kind.THINKING),
              text,
              Json.object().put("type", "thinking_delta").put("thinking", text));
      case ChatEvent.ToolCallStart(int index, String id, String name) -> {
        ObjectNode block = Json.object().put("type", "tool_use").put("id", id).put("name", name);
        block.putObject("input");
        begin(new Open(Kind.TOOL_USE, block));
      }
      case ChatEvent.ToolCallArguments(int index, String piece) -> {
        Open now = open;
        if (now != null && now.kind == Kind.TOOL_USE) {
          write(
              now, piece, Json.object().put("type", "input_json_delta").put("partial_json", piece));
        }
      }
      case ChatEvent.Logprobs logprobs -> {} // not a thing of this API
    }
  }

  /** Ends the last block. */
  void finish() throws SinkClosedException {
    close();
  }

  private Open need(Kind kind) throws SinkClosedException {
    Open now = open;
    if (now != null && now.kind == kind) {
      return now;
    }
    return begin(
        kind == Kind.TEXT
            ? new Open(kind, Json.object().put("type", "text").put("text", ""))
            : new Open(
                kind,
                Json.object().put("type", "thinking").put("thinking", "").put("signature", "")));
  }

  private Open begin(Open next) throws SinkClosedException {
    close();
    open = next;
    ObjectNode event = event("content_block_start");
    event.set("content_block", next.block.deepCopy());
    send(event);
    return next;
  }

  private void write(Open now, String text, ObjectNode delta) throws SinkClosedException {
    now.text.append(text);
    ObjectNode event = event("content_block_delta");
    event.set("delta", delta);
    send(event);
  }

  private void close() throws SinkClosedException {
    Open now = open;
    if (now == null) {
      return;
    }
    open = null;
    switch (now.kind) {
      case TEXT -> now.block.put("text", now.text.toString());
      case THINKING -> {
        // Clients send it back unseen; nothing here needs to be proved with it.
        String signature = Ids.next("sig_");
        now.block.put("thinking", now.text.toString()).put("signature", signature);
        ObjectNode event = event("content_block_delta");
        event.putObject("delta").put("type", "signature_delta").put("signature", signature);
        send(event);
      }
      case TOOL_USE -> now.block.set("input", input(now.text.toString()));
    }
    ObjectNode event = event("content_block_stop");
    blocks.add(now.block);
    send(event);
  }

  // Arguments that the token limit cut off are no JSON: stop_reason tells of the cut.
  private static JsonNode input(String arguments) {
    JsonNode parsed = Json.parse(arguments);
    return parsed != null && parsed.isObject() ? parsed : Json.object();
  }

  private ObjectNode event(String type) {
    return Json.object().put("type", type).put("index", blocks.size());
  }

  private void send(ObjectNode event) throws SinkClosedException {
    listener.on(event.path("type").asString(""), event);
  }
}
