package dev.nearside.serve.openai;

import dev.nearside.chat.SinkClosedException;
import dev.nearside.serve.http.Dialect;
import dev.nearside.serve.http.EventStream;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.HttpProblem;
import org.jspecify.annotations.Nullable;

/** A stream of events that begins with the first of them. */
final class LazyStream {
  private final Exchange exchange;
  private @Nullable EventStream events;

  LazyStream(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The stream, begun now if it was not. */
  synchronized EventStream events() {
    if (events == null) {
      events = exchange.events();
    }
    return events;
  }

  /** Ends with an error: as the response if the stream has not begun, else as its last event. */
  synchronized void fail(Exception e, Dialect dialect) throws Exception {
    EventStream begun = events;
    if (begun == null || e instanceof SinkClosedException || e instanceof InterruptedException) {
      throw e;
    }
    begun.send(dialect.error(HttpProblem.of(e)));
    begun.close();
  }
}
