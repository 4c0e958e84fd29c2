package dev.nearside.tokenizer.core;

/**
 * A token that is looked for in the text before the model sees it.
 *
 * @param special whether it is looked for only when special tokens are parsed
 * @param stripLeft whether it swallows white space before it
 * @param stripRight whether it swallows white space after it
 * @param singleWord whether it counts only between non-word characters
 */
public record AddedToken(
    int id,
    String text,
    boolean special,
    boolean stripLeft,
    boolean stripRight,
    boolean singleWord) {

  public AddedToken(int id, String text, boolean special) {
    this(id, text, special, false, false, false);
  }
}
