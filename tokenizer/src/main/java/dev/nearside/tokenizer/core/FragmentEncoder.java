package dev.nearside.tokenizer.core;

import dev.nearside.tokenizer.text.IntList;

/** Turns the text between two special tokens into ids. Used by many threads at once. */
public interface FragmentEncoder {

  /**
   * Appends the ids of {@code text} to {@code out}.
   *
   * @param text well-formed, not empty
   * @param atStart whether the fragment begins the whole text
   * @param parseSpecial whether special tokens may still be found, for models that look for them
   *     again after normalising
   */
  void encode(String text, boolean atStart, boolean parseSpecial, IntList out);
}
