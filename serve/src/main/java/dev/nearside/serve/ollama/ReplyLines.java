package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A reply as it comes: an object for each piece. */
final class ReplyLines implements ChatSink {
  private final LazyLines lines;
  private final ReplyHead head;
  private final ToolCalls calls = new ToolCalls();
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  ReplyLines(LazyLines lines, ReplyHead head) {
    this.lines = lines;
    this.head = head;
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    switch (event) {
      case ChatEvent.Text(String more) -> {
        text.append(more);
        send(more, "");
      }
      case ChatEvent.Reasoning(String more) -> send("", more);
      case ChatEvent.ToolCallStart start -> {
        sendCalls();
        calls.start(start);
      }
      case ChatEvent.ToolCallArguments piece -> calls.more(piece);
      case ChatEvent.Logprobs(List<TokenLogprob> tokens) -> logprobs.addAll(tokens);
    }
  }

  /** The text so far. */
  String text() {
    return text.toString();
  }

  /** The last object of this reply. */
  void finish(Finished end, ReplyHead.Times times, ArrayNode context) throws SinkClosedException {
    sendCalls();
    ObjectNode object = object("", "", Json.array());
    ReplyHead.finish(object, end, times);
    if (!context.isEmpty()) {
      object.set("context", context);
    }
    lines.send(object);
  }

  private void sendCalls() throws SinkClosedException {
    ArrayNode whole = calls.take();
    if (!whole.isEmpty()) {
      lines.send(object("", "", whole).put("done", false));
    }
  }

  private void send(String content, String thinking) throws SinkClosedException {
    lines.send(object(content, thinking, Json.array()).put("done", false));
  }

  private ObjectNode object(String content, String thinking, ArrayNode toolCalls) {
    ObjectNode object = head.object();
    head.shape().put(object, content, thinking, toolCalls);
    if (!logprobs.isEmpty()) {
      object.set("logprobs", Logprobs.of(logprobs));
      logprobs.clear();
    }
    return object;
  }
}
