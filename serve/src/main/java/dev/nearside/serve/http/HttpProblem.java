package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.chat.DeadlineException;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.hub.ModelNotPulledException;
import dev.nearside.hub.RefusedException;
import org.jspecify.annotations.Nullable;

/** An error as HTTP has it. This is the one place where errors become statuses. */
public final class HttpProblem extends NearsideException {
  private static final long serialVersionUID = 1L;

  /** What kind of error it is, for the names that APIs give them. */
  public enum Kind {
    INVALID_REQUEST(400),
    CONTEXT_OVERFLOW(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    MODEL_NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    TIMEOUT(408),
    TOO_LARGE(413),
    UNSUPPORTED_MEDIA(415),
    RATE_LIMITED(429),
    INTERNAL(500),
    NOT_IMPLEMENTED(501),
    BUSY(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  private final Kind kind;
  private final @Nullable String param;
  private final int retryAfterSeconds;

  private HttpProblem(
      Kind kind,
      @Nullable String param,
      int retryAfterSeconds,
      Fault fault,
      @Nullable Throwable cause) {
    super(fault, cause);
    this.kind = kind;
    this.param = param;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public static HttpProblem of(Kind kind, Fault fault) {
    return new HttpProblem(kind, null, 0, fault, null);
  }

  /** A request that makes no sense. */
  public static HttpProblem invalid(@Nullable String param, String message) {
    return new HttpProblem(Kind.INVALID_REQUEST, param, 0, Fault.of(message), null);
  }

  /** Worth another try after some time. */
  public static HttpProblem later(Kind kind, Fault fault, int seconds) {
    return new HttpProblem(kind, null, seconds, fault, null);
  }

  /** What an exception means to the caller. */
  public static HttpProblem of(Throwable e) {
    return switch (e) {
      case HttpProblem p -> p;
      case UnknownModelException m ->
          new HttpProblem(Kind.MODEL_NOT_FOUND, "model", 0, m.fault(), m);
      case ModelNotPulledException m ->
          new HttpProblem(Kind.MODEL_NOT_FOUND, "model", 0, m.fault(), m);
      case dev.nearside.hub.UnknownModelException m ->
          new HttpProblem(Kind.MODEL_NOT_FOUND, "model", 0, m.fault(), m);
      case RefusedException r -> new HttpProblem(Kind.INVALID_REQUEST, null, 0, r.fault(), r);
      case BusyException b -> new HttpProblem(Kind.BUSY, null, b.retryAfterSeconds(), b.fault(), b);
      case ContextOverflowException c ->
          new HttpProblem(Kind.CONTEXT_OVERFLOW, null, 0, c.fault(), c);
      case DeadlineException d -> new HttpProblem(Kind.TIMEOUT, null, 0, d.fault(), d);
      case BackendException b -> new HttpProblem(Kind.INTERNAL, null, 0, b.fault(), b);
      case ChatException c -> new HttpProblem(Kind.INVALID_REQUEST, null, 0, c.fault(), c);
      case NearsideException n -> new HttpProblem(Kind.INTERNAL, null, 0, n.fault(), n);
      default ->
          new HttpProblem(
              Kind.INTERNAL, null, 0, Fault.of("the server failed").got(e.getClass().getName()), e);
    };
  }

  /** This, with the name of the field that is wrong. */
  HttpProblem withParam(@Nullable String name) {
    return new HttpProblem(kind, name, retryAfterSeconds, fault(), this);
  }

  public Kind kind() {
    return kind;
  }

  public int status() {
    return kind.status();
  }

  /** The request's field that is wrong; null when it is none. */
  public @Nullable String param() {
    return param;
  }

  /** Seconds until another try makes sense; 0 when nobody knows. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
