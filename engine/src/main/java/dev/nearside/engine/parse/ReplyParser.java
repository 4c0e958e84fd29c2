package dev.nearside.engine.parse;

import dev.nearside.chat.ChatEvent;
import java.util.List;

/**
 * Turns the text of one reply, which comes in pieces, into events. How the text is cut changes how
 * the events are cut, and nothing else. Not thread-safe.
 */
public interface ReplyParser {
  /** The events that {@code piece} completes. */
  List<ChatEvent> accept(String piece);

  /** What is still held back when the text has ended. */
  List<ChatEvent> finish();

  /** Whether the reply is complete, whatever else the model may want to say. */
  default boolean isComplete() {
    return false;
  }

  /** Text as it comes. */
  static ReplyParser plain() {
    return new ReplyParser() {
      @Override
      public List<ChatEvent> accept(String piece) {
        return piece.isEmpty() ? List.of() : List.of(new ChatEvent.Text(piece));
      }

      @Override
      public List<ChatEvent> finish() {
        return List.of();
      }
    };
  }
}
