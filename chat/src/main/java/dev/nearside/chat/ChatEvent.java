package dev.nearside.chat;

/** A piece of a reply. */
public sealed interface ChatEvent {
  /** More of the answer. */
  record Text(String text) implements ChatEvent {}

  /** More of the thoughts that some models write before the answer. */
  record Reasoning(String text) implements ChatEvent {}
}
