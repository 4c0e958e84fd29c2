package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream of events that begins with the first of them, or with the first ping: while a prompt
 * waits or is computed nothing else is sent, and nobody on the way shall take that for a dead
 * connection. What is wrong with a request shows long before a ping, and is answered with a status.
 *
 * <p>Whoever opens it closes it: no ping leaves after that. Its monitor may be held to send several
 * events in a row.
 */
public final class LazyStream implements AutoCloseable {
  private final Exchange exchange;
  private final Ping ping;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long created = System.nanoTime();
  private @Nullable EventStream events;

  /** Sends something that changes nothing. */
  @FunctionalInterface
  public interface Ping {
    void sendTo(LazyStream stream) throws SinkClosedException;
  }

  /** With comments as pings. */
  public LazyStream(Exchange exchange) {
    this(exchange, LazyStream::comment);
  }

  /**
   * @param ping called with the stream's monitor when nothing was sent for a while
   */
  public LazyStream(Exchange exchange, Ping ping) {
    this.exchange = exchange;
    this.ping = ping;
    if (exchange.pingMillis() > 0) {
      Thread.ofVirtual().name("nearside-ping").start(this::pingOnAndOn);
    }
  }

  /** The stream, begun now if it was not. */
  public synchronized EventStream events() {
    if (events == null) {
      events = exchange.events();
    }
    return events;
  }

  /** Sends a comment. */
  public void comment() throws SinkClosedException {
    events().comment("ping");
  }

  private void pingOnAndOn() {
    long interval = TimeUnit.MILLISECONDS.toNanos(exchange.pingMillis());
    try {
      long wait = interval;
      while (!ended.await(wait, TimeUnit.NANOSECONDS)) {
        wait = pingIfSilent(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    } catch (SinkClosedException e) {
      return; // whoever writes the next event notices it too
    }
  }

  // How long until it may be time again. A reader that is slow is not silence: a ping waits behind
  // what is being written, and is then not needed.
  private synchronized long pingIfSilent(long interval) throws SinkClosedException {
    long left = interval - (System.nanoTime() - (events == null ? created : events.lastNanos()));
    if (left > 0 || ended.getCount() == 0) {
      return left;
    }
    ping.sendTo(this);
    return interval;
  }

  /** Ends the pings. */
  @Override
  public synchronized void close() {
    ended.countDown();
  }

  /** Ends with an error: as the response if the stream has not begun, else as its last event. */
  public void fail(Exception e, Dialect dialect) throws Exception {
    fail(e, dialect::error, null);
  }

  /**
   * As {@link #fail(Exception, Dialect)}.
   *
   * @param last makes the last event
   * @param name of the last event; null = none
   */
  public synchronized void fail(
      Exception e, Function<HttpProblem, ? extends JsonNode> last, @Nullable String name)
      throws Exception {
    close();
    HttpProblem problem = exchange.lateProblem(e, events != null);
    EventStream begun = events();
    if (name == null) {
      begun.send(last.apply(problem));
    } else {
      begun.send(name, last.apply(problem));
    }
    begun.close();
  }
}
