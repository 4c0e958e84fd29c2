package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Gives requests to their endpoints, and turns what these throw into responses. */
public final class RouteHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger(RouteHandler.class.getName());

  private static final long MAX_DISCARD_BYTES = 1L << 30;
  private static final long MAX_DISCARD_NANOS = 10_000_000_000L;

  private final Router router;
  private final Dialect fallback;
  private final Bodies bodies;
  private final long pingMillis;
  private final Guard guard;
  private final Runs runs;

  /**
   * @param fallback whose errors a path without an endpoint near it is answered with
   */
  public RouteHandler(
      Router router, Dialect fallback, Bodies bodies, long pingMillis, Guard guard, Runs runs) {
    this.router = router;
    this.fallback = fallback;
    this.bodies = bodies;
    this.pingMillis = pingMillis;
    this.guard = guard;
    this.runs = runs;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long began = System.nanoTime();
    Visit visit = new Visit(new Exchange(request, response, bodies, pingMillis, runs.begin()));
    Throwable unsaid;
    try {
      unsaid = answer(visit, request);
    } catch (Throwable e) { // even the error could not be told
      LOG.log(System.Logger.Level.WARNING, "an answer could not be given: " + e, e);
      unsaid = e;
    } finally {
      over(visit, began); // whatever happened, once, and before the next request may come
    }
    if (unsaid == null) {
      callback.succeeded();
    } else {
      callback.failed(new Gone(unsaid));
    }
    return true;
  }

  /** A request, and what is found out about it on the way. */
  private final class Visit {
    private final Exchange exchange;
    private Dialect dialect = fallback;
    private @Nullable Endpoint endpoint;

    Visit(Exchange exchange) {
      this.exchange = exchange;
    }
  }

  /** Answers; gives back what could not be told to the client, or null. */
  private @Nullable Throwable answer(Visit visit, Request request) {
    Run run = visit.exchange.run();
    try {
      visit(visit, request);
      return null;
    } catch (SinkClosedException | EofException e) {
      return e; // nobody is left to be told
    } catch (Throwable e) {
      if (run.isCancelled() && runs.isDraining()) {
        return fail(visit, Runs.closing());
      }
      if (run.isCancelled() && isByInterrupt(e)) {
        return e; // whatever the interrupt looked like to the endpoint
      }
      return fail(visit, e);
    }
  }

  private void visit(Visit visit, Request request) throws Exception {
    Exchange exchange = visit.exchange;
    request.addFailureListener(failure -> exchange.run().cancel());
    // How long a reply takes to begin is the model's affair; a reader that does not read is found
    // by the write that waits for it.
    request.addIdleTimeoutListener(timeout -> false);
    exchange.headRead();
    String path = exchange.path();
    Dialect near = router.dialectNear(path);
    visit.dialect = near == null ? fallback : near;
    if (guard.arrive(exchange)) {
      return;
    }
    Router.Match match = router.find(request.getMethod(), path);
    Endpoint endpoint = match.endpoint();
    visit.endpoint = endpoint;
    visit.dialect = endpoint.dialect();
    exchange.setPathParams(match.params());
    exchange.setPromptField(endpoint.promptField());
    guard.pass(exchange, endpoint);
  }

  // What was wrong with the request itself is still said: the client may only have stopped sending.
  private static boolean isByInterrupt(Throwable e) {
    return e instanceof Exception && HttpProblem.of(e).kind() == HttpProblem.Kind.INTERNAL;
  }

  /** From here on the thread is not interrupted for this request. */
  private void over(Visit visit, long began) {
    Exchange exchange = visit.exchange;
    exchange.release();
    runs.end(exchange.run());
    exchange.unwatch();
    Endpoint endpoint = visit.endpoint;
    try {
      guard.left(exchange, endpoint == null ? null : endpoint.path(), System.nanoTime() - began);
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.WARNING, "a request could not be noted: " + e, e);
    }
  }

  private @Nullable Throwable fail(Visit visit, Throwable e) {
    Exchange exchange = visit.exchange;
    HttpProblem problem = exchange.problem(e);
    if (problem.kind() == HttpProblem.Kind.INTERNAL) {
      // The fault, but not the request: prompts never reach logs.
      LOG.log(System.Logger.Level.WARNING, exchange.path() + " failed: " + problem.getMessage(), e);
    }
    exchange.run().end(); // an interrupt would break the answer; it still counts as running
    if (exchange.isCommitted()) {
      return e; // the log has it, if it is worth a line
    }
    if (problem.retryAfterSeconds() > 0) {
      exchange.setHeader(
          HttpHeader.RETRY_AFTER.asString(), String.valueOf(problem.retryAfterSeconds()));
    }
    if (problem.kind() == HttpProblem.Kind.TOO_LARGE) {
      exchange.setHeader(HttpHeader.CONNECTION.asString(), "close");
    }
    try {
      exchange.json(problem.status(), visit.dialect.error(problem, exchange));
      if (problem.kind() == HttpProblem.Kind.TOO_LARGE) {
        exchange.discardBody(MAX_DISCARD_BYTES, MAX_DISCARD_NANOS);
      }
      return null;
    } catch (IOException io) {
      return io;
    }
  }

  /** Nothing that Jetty should log: the client has gone, or the log has it. */
  private static final class Gone extends IOException implements QuietException {
    private static final long serialVersionUID = 1L;

    Gone(Throwable cause) {
      super(cause);
    }
  }
}
