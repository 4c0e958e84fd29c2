package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A model name, source, download or the store is at fault. */
public class HubException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public HubException(Fault fault) {
    this(fault, null);
  }

  public HubException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
