package dev.nearside.chat;

import dev.nearside.base.Fault;

/** A reply was not ready by its deadline. */
public final class DeadlineException extends ChatException {
  private static final long serialVersionUID = 1L;

  public DeadlineException(Fault fault) {
    super(fault);
  }
}
