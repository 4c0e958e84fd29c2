/** Runs a model for callers: sequences, scheduling, sampling, chat. */
module dev.nearside.engine {
  requires transitive dev.nearside.model;
  requires transitive dev.nearside.tokenizer;
  requires transitive dev.nearside.grammar;
  requires transitive dev.nearside.chat;
  requires transitive dev.nearside.jinja;

  exports dev.nearside.engine;
  exports dev.nearside.engine.eval;
  exports dev.nearside.engine.pool;
  exports dev.nearside.engine.power;
  exports dev.nearside.engine.sample;
  exports dev.nearside.engine.prompt;
}
