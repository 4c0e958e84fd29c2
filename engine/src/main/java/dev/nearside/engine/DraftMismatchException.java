package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;

/** A draft model can't guess for another: their vocabularies differ. */
public final class DraftMismatchException extends NearsideException {
  private static final long serialVersionUID = 1L;

  DraftMismatchException(Fault fault) {
    super(fault, null);
  }
}
