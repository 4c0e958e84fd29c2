package dev.nearside.engine;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.engine.text.ReasoningSplitter;
import dev.nearside.engine.text.StopMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of generated text to the sink: stop strings, then thoughts, then events. */
final class Reply {
  private final StopMatcher stops;
  private final @Nullable ReasoningSplitter reasoning;
  private final ChatSink sink;

  /**
   * @param reasoning splits thoughts off, or null for a plain continuation
   */
  Reply(List<String> stops, @Nullable ReasoningSplitter reasoning, ChatSink sink) {
    this.stops = new StopMatcher(stops);
    this.reasoning = reasoning;
    this.sink = sink;
  }

  /** Passes on what {@code piece} completes; false once a stop string was met. */
  boolean accept(String piece) throws SinkClosedException {
    emit(stops.accept(piece), false);
    return !stops.isStopped();
  }

  /** Passes on what was held back; after a stop string, what stood before it. */
  void finish() throws SinkClosedException {
    emit(stops.finish(), true);
  }

  private void emit(String text, boolean isEnd) throws SinkClosedException {
    if (reasoning == null) {
      if (!text.isEmpty()) {
        sink.accept(new ChatEvent.Text(text));
      }
      return;
    }
    send(reasoning.accept(text));
    if (isEnd) {
      send(reasoning.finish());
    }
  }

  private void send(List<ChatEvent> events) throws SinkClosedException {
    for (ChatEvent event : events) {
      sink.accept(event);
    }
  }
}
