package dev.nearside.tokenizer;

/** What a token is; the constants of GGUF's {@code tokenizer.ggml.token_type}. */
public enum TokenKind {
  /** A piece of text. */
  NORMAL,
  /** Stands for what the vocabulary can't express. */
  UNKNOWN,
  /** Steers the model, has no text of its own; parsed from text only where asked. */
  CONTROL,
  /** Text that is always one token, found before anything else. */
  USER_DEFINED,
  /** A hole in the numbering, or reserved. */
  UNUSED,
  /** One byte, {@code <0x0A>}. */
  BYTE;

  /** The kind for GGUF's number (1 normal … 6 byte); other numbers mean unused. */
  public static TokenKind ofGguf(int type) {
    return switch (type) {
      case 1 -> NORMAL;
      case 2 -> UNKNOWN;
      case 3 -> CONTROL;
      case 4 -> USER_DEFINED;
      case 6 -> BYTE;
      default -> UNUSED;
    };
  }

  /** Whether the token has no text for people. */
  public boolean isHidden() {
    return this == CONTROL || this == UNKNOWN || this == UNUSED;
  }
}
