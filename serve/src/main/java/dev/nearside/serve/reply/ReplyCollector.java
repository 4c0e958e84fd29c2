package dev.nearside.serve.reply;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/** A whole reply out of its events. */
public final class ReplyCollector implements ChatSink {
  /** A tool call as it grows. */
  public record Call(String id, String name, StringBuilder arguments) {}

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Call> calls = new ArrayList<>();
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  @Override
  public void accept(ChatEvent event) {
    switch (event) {
      case ChatEvent.Text(String more) -> text.append(more);
      case ChatEvent.Reasoning(String more) -> reasoning.append(more);
      case ChatEvent.ToolCallStart(int index, String id, String name) ->
          calls.add(new Call(id, name, new StringBuilder()));
      case ChatEvent.ToolCallArguments(int index, String piece) ->
          calls.get(index).arguments.append(piece);
      case ChatEvent.Logprobs(List<TokenLogprob> tokens) -> logprobs.addAll(tokens);
    }
  }

  public String text() {
    return text.toString();
  }

  public String reasoning() {
    return reasoning.toString();
  }

  public List<Call> calls() {
    return calls;
  }

  public List<TokenLogprob> logprobs() {
    return logprobs;
  }
}
