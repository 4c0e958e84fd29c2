package dev.nearside.chat;

import dev.nearside.base.Fault;
import org.jspecify.annotations.Nullable;

/** A backend failed; the request is not to blame. */
public class BackendException extends ChatException {
  private static final long serialVersionUID = 1L;

  public BackendException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
