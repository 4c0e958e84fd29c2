package dev.nearside.chat;

import dev.nearside.base.Fault;

/** A prompt is longer than the context. */
public class ContextOverflowException extends ChatException {
  private static final long serialVersionUID = 1L;

  private final int promptTokens;
  private final int contextLength;

  public ContextOverflowException(Fault fault, int promptTokens, int contextLength) {
    super(fault);
    this.promptTokens = promptTokens;
    this.contextLength = contextLength;
  }

  public int promptTokens() {
    return promptTokens;
  }

  public int contextLength() {
    return contextLength;
  }
}
