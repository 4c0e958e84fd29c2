package dev.nearside.serve.ollama;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.Finished;
import dev.nearside.chat.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A reply as one object. */
final class WholeReply implements ChatSink {
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final ToolCalls calls = new ToolCalls();
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  @Override
  public void accept(ChatEvent event) {
    switch (event) {
      case ChatEvent.Text(String more) -> text.append(more);
      case ChatEvent.Reasoning(String more) -> thinking.append(more);
      case ChatEvent.ToolCallStart start -> calls.start(start);
      case ChatEvent.ToolCallArguments piece -> calls.more(piece);
      case ChatEvent.Logprobs(List<TokenLogprob> tokens) -> logprobs.addAll(tokens);
    }
  }

  String text() {
    return text.toString();
  }

  ObjectNode object(ReplyHead head, Finished end, ReplyHead.Times times, ArrayNode context) {
    ObjectNode object = head.object();
    head.shape().put(object, text(), thinking.toString(), calls.take());
    ReplyHead.finish(object, end, times);
    if (!context.isEmpty()) {
      object.set("context", context);
    }
    if (!logprobs.isEmpty()) {
      object.set("logprobs", Logprobs.of(logprobs));
    }
    return object;
  }
}
