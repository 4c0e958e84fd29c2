package dev.nearside.engine;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.SinkClosedException;
import dev.nearside.engine.parse.ReplyParser;
import dev.nearside.engine.text.StopMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of generated text to the sink: the parser's events, and stop strings in the text among
 * them. Thoughts and calls are no text: a stop string does not cut them.
 */
final class Reply {
  private final StopMatcher stops;
  private final ReplyParser parser;
  private final ChatSink sink;
  private boolean hasCalls;

  Reply(List<String> stops, ReplyParser parser, ChatSink sink) {
    this.stops = new StopMatcher(stops);
    this.parser = parser;
    this.sink = sink;
  }

  /**
   * Passes on what {@code piece} completes; false once a stop string was met, or the reply is
   * complete.
   */
  boolean accept(String piece) throws SinkClosedException {
    send(parser.accept(piece));
    return !stops.isStopped() && !parser.isComplete();
  }

  /** Passes on what was held back; after a stop string, what stood before it. */
  void finish() throws SinkClosedException {
    send(parser.finish());
    text(stops.finish());
  }

  /** Passes on what does not come from the text. */
  void send(ChatEvent event) throws SinkClosedException {
    hasCalls |= event instanceof ChatEvent.ToolCallStart;
    sink.accept(event);
  }

  /** Whether a tool was called. */
  boolean hasCalls() {
    return hasCalls;
  }

  /** The stop string that ended the reply; null without one. */
  @Nullable String stop() {
    return stops.met();
  }

  private void send(List<ChatEvent> events) throws SinkClosedException {
    for (ChatEvent event : events) {
      if (stops.isStopped()) {
        return;
      }
      if (event instanceof ChatEvent.Text text) {
        text(stops.accept(text.text()));
      } else {
        text(stops.finish());
        send(event);
      }
    }
  }

  private void text(String text) throws SinkClosedException {
    if (!text.isEmpty()) {
      send(new ChatEvent.Text(text));
    }
  }
}
