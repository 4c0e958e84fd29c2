package dev.nearside.serve.http;

import dev.nearside.chat.SinkClosedException;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Gives requests to their endpoints, and turns what these throw into responses. */
public final class RouteHandler extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger(RouteHandler.class.getName());

  private final Router router;
  private final Dialect fallback;
  private final long maxBodyBytes;

  /**
   * @param fallback whose errors a path without an endpoint near it is answered with
   */
  public RouteHandler(Router router, Dialect fallback, long maxBodyBytes) {
    this.router = router;
    this.fallback = fallback;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    Dialect dialect = fallback;
    Exchange exchange = new Exchange(request, response, Map.of(), maxBodyBytes);
    try {
      Dialect near = router.dialectNear(path);
      dialect = near == null ? fallback : near;
      Router.Match match = router.find(request.getMethod(), path);
      dialect = match.endpoint().dialect();
      exchange = new Exchange(request, response, match.params(), maxBodyBytes);
      match.endpoint().handle(exchange);
      callback.succeeded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (SinkClosedException | EofException e) {
      callback.failed(new Gone(e)); // nobody is left to be told
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      fail(exchange, dialect, e, path, callback);
    }
    return true;
  }

  private static void fail(
      Exchange exchange, Dialect dialect, Throwable e, String path, Callback callback) {
    HttpProblem problem = HttpProblem.of(e);
    if (problem.kind() == HttpProblem.Kind.INTERNAL) {
      // The fault, but not the request: prompts never reach logs.
      LOG.log(System.Logger.Level.WARNING, path + " failed: " + problem.getMessage(), e);
    }
    if (exchange.isCommitted()) {
      callback.failed(e);
      return;
    }
    try {
      if (problem.retryAfterSeconds() > 0) {
        exchange.setHeader(
            HttpHeader.RETRY_AFTER.asString(), String.valueOf(problem.retryAfterSeconds()));
      }
      exchange.json(problem.status(), dialect.error(problem, exchange));
      callback.succeeded();
    } catch (IOException io) {
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
