package dev.nearside.chat;

import dev.nearside.base.Fault;

/** There is no model of this name here. */
public class UnknownModelException extends ChatException {
  private static final long serialVersionUID = 1L;

  public UnknownModelException(Fault fault) {
    super(fault);
  }
}
