package dev.nearside.serve.openai;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One reply of a chat as {@code chat.completion.chunk} objects. */
final class ChatChunks implements ChatSink {
  private final LazyStream stream;
  private final ChatHead head;
  private final int index;
  private final boolean hasUsage;
  private final List<TokenLogprob> logprobs = new ArrayList<>();
  private boolean hasBegun;

  /**
   * @param index of the reply among several
   * @param hasUsage whether chunks carry the field {@code usage}, null but in the last
   */
  ChatChunks(LazyStream stream, ChatHead head, int index, boolean hasUsage) {
    this.stream = stream;
    this.head = head;
    this.index = index;
    this.hasUsage = hasUsage;
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    ObjectNode delta = Json.object();
    switch (event) {
      case ChatEvent.Logprobs(List<TokenLogprob> tokens) -> {
        logprobs.addAll(tokens);
        return; // they leave with the text that they belong to
      }
      case ChatEvent.Text(String text) -> delta.put("content", text);
      case ChatEvent.Reasoning(String text) -> delta.put("reasoning_content", text);
      case ChatEvent.ToolCallStart(int call, String id, String name) -> {
        ObjectNode node =
            delta
                .putArray("tool_calls")
                .addObject()
                .put("index", call)
                .put("id", id)
                .put("type", "function");
        node.putObject("function").put("name", name).put("arguments", "");
      }
      case ChatEvent.ToolCallArguments(int call, String piece) ->
          delta
              .putArray("tool_calls")
              .addObject()
              .put("index", call)
              .putObject("function")
              .put("arguments", piece);
    }
    begin();
    send(delta, null);
  }

  /** The last chunk of this reply. */
  void finish(Finished end) throws SinkClosedException {
    begin();
    send(Json.object(), end);
  }

  private void begin() throws SinkClosedException {
    if (!hasBegun) {
      hasBegun = true;
      send(Json.object().put("role", "assistant").put("content", ""), null);
    }
  }

  private void send(ObjectNode delta, @Nullable Finished end) throws SinkClosedException {
    ObjectNode chunk = head.object("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
    boolean isFirst = delta.has("role");
    choice.set("delta", delta);
    if (logprobs.isEmpty() || isFirst) {
      choice.putNull("logprobs");
    } else {
      ObjectNode node = choice.putObject("logprobs");
      node.set("content", Replies.logprobs(logprobs));
      node.putNull("refusal");
      logprobs.clear();
    }
    choice.put("finish_reason", end == null ? null : Replies.reason(end.reason()));
    if (hasUsage) {
      chunk.putNull("usage");
    } else if (end != null) {
      chunk.set("timings", Replies.timings(end));
    }
    stream.events().send(chunk);
  }
}
