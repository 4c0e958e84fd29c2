/** Structured output: grammars compiled to token masks. Only the root package is for others. */
module dev.nearside.grammar {
  requires transitive dev.nearside.base;
  requires transitive dev.nearside.tokenizer;
  requires tools.jackson.databind;

  exports dev.nearside.grammar;
}
