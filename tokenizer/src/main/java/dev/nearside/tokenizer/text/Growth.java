package dev.nearside.tokenizer.text;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;

/** Keeps the rules of a hostile file from blowing a text up until memory is gone. */
public final class Growth {
  private static final long FACTOR = 64;
  private static final long ALWAYS = 1 << 20;

  private Growth() {}

  /** Throws when {@code length} is out of proportion to the text that it was made from. */
  public static void check(long length, int original) {
    long limit = Math.min(Integer.MAX_VALUE / 4, ALWAYS + FACTOR * original);
    if (length > limit) {
      throw new TokenizerException(
          Fault.of("the vocabulary's rules make the text too long")
              .got(length + " characters")
              .expected("at most " + limit)
              .where("a text of " + original + " characters"));
    }
  }
}
