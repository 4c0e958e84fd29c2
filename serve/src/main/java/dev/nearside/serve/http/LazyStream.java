package dev.nearside.serve.http;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A stream of events that begins with the first of them. */
public final class LazyStream {
  private final Exchange exchange;
  private @Nullable EventStream events;

  public LazyStream(Exchange exchange) {
    this.exchange = exchange;
  }

  /** The stream, begun now if it was not. */
  public synchronized EventStream events() {
    if (events == null) {
      events = exchange.events();
    }
    return events;
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
