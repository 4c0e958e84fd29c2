package dev.nearside.serve.anthropic;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message as events. It begins with the model's first word, or with the first ping, which goes
 * out when nothing else does for a while.
 */
final class MessageStream implements BlockWriter.Listener, AutoCloseable {
  private final LazyStream stream;
  private final ObjectNode start;
  private boolean hasBegun;

  /**
   * @param start the message as it is at first
   */
  MessageStream(Exchange exchange, ObjectNode start) {
    this.start = start;
    this.stream = new LazyStream(exchange, this::ping);
  }

  @Override
  public void on(String type, ObjectNode event) throws SinkClosedException {
    synchronized (stream) {
      begin(stream);
      stream.events().send(type, event);
    }
  }

  // With the stream's monitor.
  private void ping(LazyStream to) throws SinkClosedException {
    if (!begin(to)) {
      sendPing(to);
    }
  }

  // False when it had begun before. The service's own streams have a ping here too.
  private boolean begin(LazyStream to) throws SinkClosedException {
    if (hasBegun) {
      return false;
    }
    hasBegun = true;
    ObjectNode first = Json.object().put("type", "message_start");
    first.set("message", start);
    to.events().send("message_start", first);
    sendPing(to);
    return true;
  }

  private static void sendPing(LazyStream to) throws SinkClosedException {
    to.events().send("ping", Json.object().put("type", "ping"));
  }

  /**
   * The last two events.
   *
   * @param delta what of the message was not known at first
   */
  void finish(ObjectNode delta, ObjectNode usage) throws Exception {
    ObjectNode event = Json.object().put("type", "message_delta");
    event.set("delta", delta);
    event.set("usage", usage);
    close();
    on("message_delta", event);
    on("message_stop", Json.object().put("type", "message_stop"));
    stream.events().close();
  }

  /** Ends with an error: as the response if nothing has been sent, else as the last event. */
  void fail(Exception e) throws Exception {
    stream.fail(e, new AnthropicErrors()::error, "error");
  }

  @Override
  public void close() {
    stream.close();
  }
}
