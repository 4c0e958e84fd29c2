package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what is not even a request: with JSON, as everything else. */
public final class ErrorPages extends ErrorHandler {
  private final Router router;
  private final Dialect fallback;

  public ErrorPages(Router router, Dialect fallback) {
    this.router = router;
    this.fallback = fallback;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Object cause = request.getAttribute(ERROR_EXCEPTION);
    String reason = cause instanceof HttpException e ? e.getReason() : null;
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    Dialect near = path == null ? null : router.dialectNear(path);
    Dialect dialect = near == null ? fallback : near;
    byte[] body = body(dialect, status, reason == null ? "" : reason);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static byte[] body(Dialect dialect, int status, String reason) {
    HttpProblem.Kind kind =
        switch (status) {
          case 404 -> HttpProblem.Kind.NOT_FOUND;
          case 408 -> HttpProblem.Kind.TIMEOUT;
          case 413 -> HttpProblem.Kind.TOO_LARGE;
          default -> status < 500 ? HttpProblem.Kind.INVALID_REQUEST : HttpProblem.Kind.INTERNAL;
        };
    String what =
        status == 431
            ? "the request's head is too long"
            : status < 500 ? "the request is not understood" : "the server failed";
    Fault fault = Fault.of(what);
    HttpProblem problem = HttpProblem.of(kind, reason.isEmpty() ? fault : fault.got(reason));
    return Json.text(dialect.error(problem)).getBytes(StandardCharsets.UTF_8);
  }
}
