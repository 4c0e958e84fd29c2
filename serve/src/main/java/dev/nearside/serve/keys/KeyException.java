package dev.nearside.serve.keys;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** The file of keys can't be used, or not as asked. */
public final class KeyException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public KeyException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
