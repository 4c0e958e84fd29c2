package dev.nearside.tensor;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A tensor's data or shape can't be computed with. */
public class TensorException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public TensorException(Fault fault) {
    this(fault, null);
  }

  public TensorException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
