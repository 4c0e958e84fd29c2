/** Model files: GGUF and safetensors, reading and writing. */
module dev.nearside.format {
  requires transitive dev.nearside.tensor;
  requires tools.jackson.databind;

  exports dev.nearside.format;
  exports dev.nearside.format.convert;
  exports dev.nearside.format.gguf;
  exports dev.nearside.format.safetensors;
}
