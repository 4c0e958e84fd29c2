/** Tensor types, quantised formats, and the kernels that compute on them. */
module dev.nearside.tensor {
  requires transitive dev.nearside.base;
  requires static jdk.incubator.vector;

  exports dev.nearside.tensor;
  exports dev.nearside.tensor.quant;
  exports dev.nearside.tensor.kernel to
      dev.nearside.model;
}
