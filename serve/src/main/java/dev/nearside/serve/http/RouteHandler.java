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
    Run run = runs.begin();
    Exchange exchange = new Exchange(request, response, bodies, pingMillis, run);
    request.addFailureListener(failure -> run.cancel());
    // How long a reply takes to begin is the model's affair; a reader that does not read is found
    // by the write that waits for it.
    request.addIdleTimeoutListener(timeout -> false);
    exchange.headRead();
    String path = Request.getPathInContext(request);
    Dialect near = router.dialectNear(path);
    Dialect dialect = near == null ? fallback : near;
    Endpoint endpoint = null;
    try {
      if (!guard.arrive(exchange)) {
        Router.Match match = router.find(request.getMethod(), path);
        endpoint = match.endpoint();
        dialect = endpoint.dialect();
        exchange.setPathParams(match.params());
        exchange.setPromptField(endpoint.promptField());
        guard.pass(exchange, endpoint);
      }
      over(exchange, endpoint, began);
      callback.succeeded();
    } catch (SinkClosedException | EofException e) {
      over(exchange, endpoint, began);
      callback.failed(new Gone(e)); // nobody is left to be told
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      if (run.isCancelled() && runs.isDraining()) {
        fail(exchange, endpoint, dialect, Runs.closing(), began, callback);
      } else if (run.isCancelled() && isByInterrupt(e)) {
        over(exchange, endpoint, began);
        callback.failed(new Gone(e)); // whatever the interrupt looked like to the endpoint
      } else {
        fail(exchange, endpoint, dialect, e, began, callback);
      }
    }
    return true;
  }

  // What was wrong with the request itself is still said: the client may only have stopped sending.
  private static boolean isByInterrupt(Throwable e) {
    return HttpProblem.of(e).kind() == HttpProblem.Kind.INTERNAL;
  }

  /** From here on the thread is not interrupted for this request. */
  private void over(Exchange exchange, @Nullable Endpoint endpoint, long began) {
    exchange.unwatch();
    exchange.release();
    runs.end(exchange.run());
    guard.left(exchange, endpoint == null ? null : endpoint.path(), System.nanoTime() - began);
  }

  private void fail(
      Exchange exchange,
      @Nullable Endpoint endpoint,
      Dialect dialect,
      Throwable e,
      long began,
      Callback callback) {
    HttpProblem problem = exchange.problem(e);
    if (problem.kind() == HttpProblem.Kind.INTERNAL) {
      // The fault, but not the request: prompts never reach logs.
      LOG.log(System.Logger.Level.WARNING, exchange.path() + " failed: " + problem.getMessage(), e);
    }
    exchange.run().end(); // an interrupt would break the answer; it still counts as running
    if (exchange.isCommitted()) {
      over(exchange, endpoint, began);
      callback.failed(new Gone(e)); // the log has it, if it is worth a line
      return;
    }
    try {
      if (problem.retryAfterSeconds() > 0) {
        exchange.setHeader(
            HttpHeader.RETRY_AFTER.asString(), String.valueOf(problem.retryAfterSeconds()));
      }
      if (problem.kind() == HttpProblem.Kind.TOO_LARGE) {
        exchange.setHeader(HttpHeader.CONNECTION.asString(), "close");
      }
      exchange.json(problem.status(), dialect.error(problem, exchange));
      if (problem.kind() == HttpProblem.Kind.TOO_LARGE) {
        exchange.discardBody(MAX_DISCARD_BYTES, MAX_DISCARD_NANOS);
      }
      over(exchange, endpoint, began);
      callback.succeeded();
    } catch (IOException io) {
      over(exchange, endpoint, began);
      callback.failed(new Gone(io));
    }
  }

  /** The client has gone: no fault of the server, and nothing to log. */
  private static final class Gone extends IOException implements QuietException {
    private static final long serialVersionUID = 1L;

    Gone(Throwable cause) {
      super(cause);
    }
  }
}
