package dev.nearside.tokenizer.core;

/**
 * What goes around a text when special tokens are added.
 *
 * @param prefix ids before
 * @param suffix ids after
 */
public record Frame(int[] prefix, int[] suffix) {
  public static final Frame EMPTY = new Frame(new int[0], new int[0]);
}
