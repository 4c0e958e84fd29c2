package dev.nearside.engine.sample;

/** The tokens before the one that is to be chosen: prompt and reply. */
public interface TokenHistory {
  /** How many there are: also the position of the token that is to be chosen. */
  int length();

  /** The token at {@code position}. */
  int at(int position);
}
