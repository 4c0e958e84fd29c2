package dev.nearside.serve;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** The server can't do what it is told. */
public class ServeException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public ServeException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
