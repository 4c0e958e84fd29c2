package dev.nearside.hub.net;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One source cannot deliver. Another one may; so may this one a moment later if transient. */
public final class SourceException extends HubException {
  private static final long serialVersionUID = 1L;

  /** Whether asking again can help. */
  public enum Kind {
    FINAL,
    /** No address, no connection: the next source at once, unless a download was under way. */
    UNREACHABLE,
    TRANSIENT
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  private SourceException(
      Fault fault, Kind kind, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(fault, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** Asking again is useless. */
  public static SourceException permanent(Fault fault) {
    return new SourceException(fault, Kind.FINAL, null, null);
  }

  public static SourceException permanent(Fault fault, Throwable cause) {
    return new SourceException(fault, Kind.FINAL, null, cause);
  }

  /** Asking again may help. */
  public static SourceException passing(Fault fault, @Nullable Throwable cause) {
    return new SourceException(fault, Kind.TRANSIENT, null, cause);
  }

  /** The host cannot be reached. */
  public static SourceException unreachable(Fault fault) {
    return new SourceException(fault, Kind.UNREACHABLE, null, null);
  }

  /** The server said when to ask again. */
  public static SourceException busy(Fault fault, @Nullable Duration retryAfter) {
    return new SourceException(fault, Kind.TRANSIENT, retryAfter, null);
  }

  public boolean isTransient() {
    return kind == Kind.TRANSIENT;
  }

  public boolean isUnreachable() {
    return kind == Kind.UNREACHABLE;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
