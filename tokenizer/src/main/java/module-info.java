/** Text to token ids and back. */
module dev.nearside.tokenizer {
  requires transitive dev.nearside.base;
  requires tools.jackson.databind;

  exports dev.nearside.tokenizer;
}
