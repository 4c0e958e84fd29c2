package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** Something can't be measured: too little text, a broken file of logits. */
public final class EvalException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public EvalException(Fault fault) {
    this(fault, null);
  }

  public EvalException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
