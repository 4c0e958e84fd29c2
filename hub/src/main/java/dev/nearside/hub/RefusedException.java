package dev.nearside.hub;

import dev.nearside.base.Fault;

/** What is asked for can't be done: whoever asks is to blame, not the store or a source. */
public final class RefusedException extends HubException {
  private static final long serialVersionUID = 1L;

  public RefusedException(Fault fault) {
    super(fault);
  }
}
