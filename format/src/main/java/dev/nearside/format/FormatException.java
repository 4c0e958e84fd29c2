package dev.nearside.format;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A model file is broken, or holds something that is not supported. */
public class FormatException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public FormatException(Fault fault) {
    this(fault, null);
  }

  public FormatException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
