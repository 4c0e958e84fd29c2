package dev.nearside.engine.power;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** Energy can't be measured, or a budget can't be held. */
public final class PowerException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public PowerException(Fault fault) {
    this(fault, null);
  }

  public PowerException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
