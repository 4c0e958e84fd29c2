package dev.nearside.chat;

/** Takes the events of one reply. */
@FunctionalInterface
public interface ChatSink {
  /**
   * Takes the next event.
   *
   * @throws SinkClosedException when nobody wants the rest: the reply is cancelled
   */
  void accept(ChatEvent event) throws SinkClosedException;
}
