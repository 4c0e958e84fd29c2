package dev.nearside.model;

/** The arithmetic of products with a prompt's tokens; generated ones are always exact. */
public enum Numerics {
  /** The same bits on every machine, in any batch: {@code docs/design/numerics.md}. */
  EXACT,
  /**
   * The quickest of this CPU that is no further from float32 than llama.cpp is. Bits depend on the
   * kernels, but not on how a prompt is cut or who else is served.
   */
  FAST;

  /** How many of so many tokens of prompts are computed in exact numerics. */
  public int exact(int promptTokens) {
    return this == EXACT ? promptTokens : 0;
  }
}
