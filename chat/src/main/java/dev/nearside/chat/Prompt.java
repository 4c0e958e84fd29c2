package dev.nearside.chat;

/** What a completion continues. */
public sealed interface Prompt {
  /**
   * A text.
   *
   * @param parseSpecial whether the names of special tokens in it stand for these tokens
   */
  record Text(String text, boolean parseSpecial) implements Prompt {}

  /** Token ids, taken as they are. */
  record Ids(int[] ids) implements Prompt {}

  /** A gap to fill in, for models with tokens for it. */
  record Infill(String prefix, String suffix) implements Prompt {}
}
