package dev.nearside.tokenizer;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import org.jspecify.annotations.Nullable;

/** A vocabulary is broken or a text can't be tokenised with it. */
public class TokenizerException extends NearsideException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(Fault fault) {
    this(fault, null);
  }

  public TokenizerException(Fault fault, @Nullable Throwable cause) {
    super(fault, cause);
  }
}
