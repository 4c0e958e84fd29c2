package dev.nearside.chat;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A chat request can't be answered. */
public class ChatException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public ChatException(Fault fault) {
    this(fault, null);
  }

  public ChatException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
