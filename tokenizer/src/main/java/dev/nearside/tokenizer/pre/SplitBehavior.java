package dev.nearside.tokenizer.pre;

/** What becomes of a match: Hugging Face's {@code SplitDelimiterBehavior}. */
public enum SplitBehavior {
  REMOVED,
  ISOLATED,
  MERGED_WITH_PREVIOUS,
  MERGED_WITH_NEXT,
  CONTIGUOUS
}
