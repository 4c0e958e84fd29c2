package dev.nearside.serve.openai;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.chat.TokenLogprob;
import dev.nearside.serve.http.LazyStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One continuation as {@code text_completion} objects. */
final class CompletionChunks implements ChatSink {
  private final LazyStream stream;
  private final ChatHead head;
  private final int index;
  private final boolean hasUsage;
  private final List<TokenLogprob> tokens = new ArrayList<>();
  private final LegacyLogprobs logprobs = new LegacyLogprobs();
  private String echo;

  /**
   * @param echo what stands before the continuation; may be empty
   * @param hasUsage whether chunks carry the field {@code usage}, null but in the last
   */
  CompletionChunks(LazyStream stream, ChatHead head, int index, String echo, boolean hasUsage) {
    this.stream = stream;
    this.head = head;
    this.index = index;
    this.echo = echo;
    this.hasUsage = hasUsage;
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    switch (event) {
      case ChatEvent.Text(String text) -> send(text, null);
      case ChatEvent.Logprobs(List<TokenLogprob> more) -> tokens.addAll(more);
      case ChatEvent.Reasoning(String text) -> send(text, null);
      case ChatEvent.ToolCallStart start -> {} // a completion has no tools
      case ChatEvent.ToolCallArguments arguments -> {}
    }
  }

  /** The last chunk of this continuation. */
  void finish(Finished end) throws SinkClosedException {
    send("", end);
  }

  private void send(String text, @Nullable Finished end) throws SinkClosedException {
    ObjectNode chunk = head.object("text_completion");
    ObjectNode choice = chunk.putArray("choices").addObject();
    choice.put("text", echo + text).put("index", index);
    echo = "";
    if (tokens.isEmpty()) {
      choice.putNull("logprobs");
    } else {
      choice.set("logprobs", logprobs.next(tokens));
      tokens.clear();
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
