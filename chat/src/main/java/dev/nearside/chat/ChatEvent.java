package dev.nearside.chat;

import java.util.List;

/** A piece of a reply. */
public sealed interface ChatEvent {
  /** More of the answer. */
  record Text(String text) implements ChatEvent {}

  /** More of the thoughts that some models write before the answer. */
  record Reasoning(String text) implements ChatEvent {}

  /**
   * A tool call begins.
   *
   * @param index of the call in this reply, from 0
   */
  record ToolCallStart(int index, String id, String name) implements ChatEvent {}

  /** More of a call's arguments: JSON text. */
  record ToolCallArguments(int index, String piece) implements ChatEvent {}

  /** The tokens generated since the last such event; the events made of them follow. */
  record Logprobs(List<TokenLogprob> tokens) implements ChatEvent {
    public Logprobs {
      tokens = List.copyOf(tokens);
    }
  }
}
