/** Language models: architectures over shared layers, and KV storage. */
module dev.nearside.model {
  requires transitive dev.nearside.format;

  exports dev.nearside.model;
  exports dev.nearside.model.kv;
  exports dev.nearside.model.load to
      dev.nearside.engine;
  exports dev.nearside.model.synth;
}
