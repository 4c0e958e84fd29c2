package dev.nearside.serve.responses;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.openai.Replies;
import dev.nearside.serve.reply.Ids;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes output items of a reply, one after the other, and tells of every step. Who wants the whole
 * alone does not listen.
 */
final class ResponseWriter implements ChatSink {
  /** Takes the events of a stream; the type is in them too. */
  @FunctionalInterface
  interface Listener {
    void on(String type, ObjectNode event) throws SinkClosedException;
  }

  /** What an item is made of. */
  private enum Kind {
    REASONING("rs_"),
    MESSAGE("msg_"),
    CALL("fc_");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /** The item that is being written. */
  private static final class Open {
    private final Kind kind;
    private final String id;
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final String callId;
    private final String name;

    Open(Kind kind, String callId, String name) {
      this.kind = kind;
      this.id = Ids.next(kind.prefix);
      this.callId = callId;
      this.name = name;
    }

    ObjectNode item(String status) {
      ObjectNode out = Json.object().put("id", id);
      return switch (kind) {
        case REASONING -> {
          out.put("type", "reasoning").put("status", status);
          out.putArray("summary");
          ArrayNode content = out.putArray("content");
          if (!text.isEmpty()) {
            content.add(part());
          }
          yield out;
        }
        case MESSAGE -> {
          out.put("type", "message").put("status", status).put("role", "assistant");
          ArrayNode content = out.putArray("content");
          if (!status.equals("in_progress")) {
            content.add(part());
          }
          yield out;
        }
        case CALL ->
            out.put("type", "function_call")
                .put("status", status)
                .put("call_id", callId)
                .put("name", name)
                .put("arguments", text.toString());
      };
    }

    ObjectNode part() {
      if (kind == Kind.REASONING) {
        return Json.object().put("type", "reasoning_text").put("text", text.toString());
      }
      ObjectNode out = Json.object().put("type", "output_text").put("text", text.toString());
      out.putArray("annotations");
      out.set("logprobs", Replies.logprobs(logprobs));
      return out;
    }
  }

  private final Listener listener;
  private final List<JsonNode> output = new ArrayList<>();
  private final List<TokenLogprob> fresh = new ArrayList<>();
  private final StringBuilder thoughts = new StringBuilder();
  private @Nullable Open open;

  ResponseWriter(Listener listener) {
    this.listener = listener;
  }

  /** The items that are finished. */
  List<JsonNode> output() {
    return output;
  }

  /** All that the model thought. */
  String thoughts() {
    return thoughts.toString();
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    switch (event) {
      case ChatEvent.Reasoning(String text) -> {
        thoughts.append(text);
        write(need(Kind.REASONING), text);
      }
      case ChatEvent.Text(String text) -> write(need(Kind.MESSAGE), text);
      case ChatEvent.ToolCallStart(int index, String id, String name) ->
          begin(new Open(Kind.CALL, id, name));
      case ChatEvent.ToolCallArguments(int index, String piece) -> write(need(Kind.CALL), piece);
      case ChatEvent.Logprobs(List<TokenLogprob> tokens) -> fresh.addAll(tokens);
    }
  }

  /** Ends the last item; a reply of nothing is a message of nothing. */
  void finish(Finished end) throws SinkClosedException {
    if (open == null && output.isEmpty()) {
      need(Kind.MESSAGE);
    }
    boolean isCut = end.reason() == FinishReason.LENGTH || end.reason() == FinishReason.CANCELLED;
    close(isCut ? "incomplete" : "completed");
  }

  private Open need(Kind kind) throws SinkClosedException {
    Open now = open;
    return now != null && now.kind == kind ? now : begin(new Open(kind, "", ""));
  }

  private Open begin(Open next) throws SinkClosedException {
    close("completed");
    open = next;
    ObjectNode event = event("response.output_item.added");
    event.set("item", next.item("in_progress"));
    send(event);
    if (next.kind != Kind.CALL) {
      ObjectNode part = inPart("response.content_part.added", next);
      part.set("part", next.part());
      send(part);
    }
    return next;
  }

  private void write(Open now, String text) throws SinkClosedException {
    now.text.append(text);
    String type =
        switch (now.kind) {
          case REASONING -> "response.reasoning_text.delta";
          case MESSAGE -> "response.output_text.delta";
          case CALL -> "response.function_call_arguments.delta";
        };
    ObjectNode event = inPart(type, now).put("delta", text);
    if (now.kind == Kind.MESSAGE) {
      event.set("logprobs", Replies.logprobs(fresh));
      now.logprobs.addAll(fresh);
    }
    fresh.clear();
    send(event);
  }

  private void close(String status) throws SinkClosedException {
    Open now = open;
    if (now == null) {
      return;
    }
    open = null;
    send(done(now));
    if (now.kind != Kind.CALL) {
      ObjectNode part = inPart("response.content_part.done", now);
      part.set("part", now.part());
      send(part);
    }
    ObjectNode item = now.item(status);
    ObjectNode event = event("response.output_item.done");
    event.set("item", item);
    output.add(item);
    send(event);
  }

  private ObjectNode done(Open now) {
    return switch (now.kind) {
      case REASONING ->
          inPart("response.reasoning_text.done", now).put("text", now.text.toString());
      case MESSAGE -> {
        ObjectNode event =
            inPart("response.output_text.done", now).put("text", now.text.toString());
        event.set("logprobs", Replies.logprobs(now.logprobs));
        yield event;
      }
      case CALL ->
          inPart("response.function_call_arguments.done", now)
              .put("name", now.name)
              .put("arguments", now.text.toString());
    };
  }

  private ObjectNode event(String type) {
    return Json.object().put("type", type).put("output_index", output.size());
  }

  private ObjectNode inPart(String type, Open now) {
    ObjectNode event = event(type).put("item_id", now.id);
    return now.kind == Kind.CALL ? event : event.put("content_index", 0);
  }

  private void send(ObjectNode event) throws SinkClosedException {
    listener.on(event.path("type").asString(""), event);
  }
}
