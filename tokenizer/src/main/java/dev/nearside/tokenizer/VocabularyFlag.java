package dev.nearside.tokenizer;

/** The switches of a vocabulary, with their metadata keys in GGUF. */
public enum VocabularyFlag {
  ADD_BOS("add_bos_token"),
  ADD_EOS("add_eos_token"),
  ADD_SEP("add_sep_token"),
  /** A space goes before the first word (SentencePiece). */
  ADD_SPACE_PREFIX("add_space_prefix"),
  REMOVE_EXTRA_WHITESPACES("remove_extra_whitespaces"),
  /** Spaces are written as U+2581 in the vocabulary. */
  ESCAPE_WHITESPACES("escape_whitespaces"),
  /** The space goes after the last word instead of before the first. */
  WHITESPACE_AS_SUFFIX("treat_whitespace_as_suffix"),
  LOWERCASE("normalizer.lowercase"),
  STRIP_ACCENTS("normalizer.strip_accents");

  private final String key;

  VocabularyFlag(String key) {
    this.key = key;
  }

  /** The metadata key below {@code tokenizer.ggml.}. */
  String key() {
    return key;
  }
}
