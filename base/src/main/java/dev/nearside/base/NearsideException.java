package dev.nearside.base;

import org.jspecify.annotations.Nullable;

/**
 * The root of Nearside's errors. Each floor has its own subclass; all of them carry a {@link
 * Fault}, so that one place can turn any of them into an exit code or an HTTP answer.
 */
public abstract class NearsideException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Fault fault;

  protected NearsideException(Fault fault, @Nullable Throwable cause) {
    super(fault.message(), cause);
    this.fault = fault;
  }

  public final Fault fault() {
    return fault;
  }
}
