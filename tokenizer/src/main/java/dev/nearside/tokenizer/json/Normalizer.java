package dev.nearside.tokenizer.json;

/** Rewrites the text before it is cut. */
interface Normalizer {
  String apply(String text);
}
