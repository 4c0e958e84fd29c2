package dev.nearside.tokenizer.core;

import dev.nearside.tokenizer.text.IntList;

/** A model: turns one pre-tokenised piece into ids. Used by many threads at once. */
public interface WordEncoder {
  void encode(String word, IntList out);
}
