package dev.nearside.serve.anthropic;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.LazyStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message as events. It begins with the model's first word; from then on a ping goes out now and
 * then, so that nobody in between takes a slow model for a dead connection.
 */
final class MessageStream implements BlockWriter.Listener, AutoCloseable {
  private static final long PING_MILLIS = 10_000;

  private final LazyStream stream;
  private final ObjectNode start;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean hasBegun;

  /**
   * @param start the message as it is at first
   */
  MessageStream(Exchange exchange, ObjectNode start) {
    this.stream = new LazyStream(exchange);
    this.start = start;
  }

  @Override
  public synchronized void on(String type, ObjectNode event) throws SinkClosedException {
    if (!hasBegun) {
      hasBegun = true;
      ObjectNode first = Json.object().put("type", "message_start");
      first.set("message", start);
      stream.events().send("message_start", first);
      ping();
      Thread.startVirtualThread(this::pingOnAndOn);
    }
    stream.events().send(type, event);
  }

  private synchronized void ping() throws SinkClosedException {
    if (ended.getCount() > 0) {
      stream.events().send("ping", Json.object().put("type", "ping"));
    }
  }

  private void pingOnAndOn() {
    try {
      while (!ended.await(PING_MILLIS, TimeUnit.MILLISECONDS)) {
        ping();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SinkClosedException e) {
      return; // whoever writes the next event notices it too
    }
  }

  /**
   * The last two events.
   *
   * @param delta what of the message was not known at first
   */
  synchronized void finish(ObjectNode delta, ObjectNode usage) throws Exception {
    ObjectNode event = Json.object().put("type", "message_delta");
    event.set("delta", delta);
    event.set("usage", usage);
    on("message_delta", event);
    on("message_stop", Json.object().put("type", "message_stop"));
    close();
    stream.events().close();
  }

  /** Ends with an error: as the response if nothing has been sent, else as the last event. */
  synchronized void fail(Exception e) throws Exception {
    close();
    stream.fail(e, new AnthropicErrors()::error, "error");
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
