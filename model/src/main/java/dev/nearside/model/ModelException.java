package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A model can't be built from its file, or a step of it failed. */
public class ModelException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public ModelException(Fault fault) {
    this(fault, null);
  }

  public ModelException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
