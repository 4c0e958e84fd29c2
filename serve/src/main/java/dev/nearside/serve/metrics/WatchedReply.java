package dev.nearside.serve.metrics;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatSink;
import dev.nearside.chat.Finished;
import dev.nearside.chat.SinkClosedException;

/** A reply that is counted while it is written. */
final class WatchedReply implements ChatSink, AutoCloseable {
  private final ChatSink sink;
  private final Activity activity;
  private boolean hasBegun;
  private int pieces;

  WatchedReply(ChatSink sink, Activity activity) {
    this.sink = sink;
    this.activity = activity;
    activity.take();
  }

  @Override
  public void accept(ChatEvent event) throws SinkClosedException {
    if (!hasBegun) {
      hasBegun = true;
      activity.begin();
    }
    if (!(event instanceof ChatEvent.Logprobs)) {
      activity.write();
      pieces++;
    }
    sink.accept(event);
  }

  /** Pieces of text, thoughts and calls so far: mostly a token each. */
  int pieces() {
    return pieces;
  }

  /** It ended well. */
  void finish(Finished end) {
    activity.count(end.usage());
  }

  @Override
  public void close() {
    activity.end(hasBegun);
  }
}
