package dev.nearside.model;

import dev.nearside.tensor.TensorType;

/**
 * How a model is loaded.
 *
 * @param contextLength positions that will be used; 0 = what the model was trained for
 * @param maxBatch tokens of one step at most
 * @param kvType F16, or F32 in the reference mode of tests
 */
public record LoadOptions(int contextLength, int maxBatch, TensorType kvType) {
  public static final LoadOptions DEFAULTS = new LoadOptions(0, 256, TensorType.F16);
}
