package dev.nearside.chat;

import dev.nearside.base.Fault;

/** Too many requests are waiting. */
public class BusyException extends ChatException {
  private static final long serialVersionUID = 1L;

  private final int retryAfterSeconds;

  public BusyException(Fault fault, int retryAfterSeconds) {
    super(fault);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** When it is worth another try. */
  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
