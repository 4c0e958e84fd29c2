package dev.nearside.model;

import dev.nearside.model.load.PackedPlace;
import dev.nearside.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * How a model is loaded.
 *
 * @param contextLength positions that will be used; 0 = what the model was trained for
 * @param maxBatch tokens of one step at most
 * @param kvType F16, Q8_0, or F32 in the reference mode of tests
 * @param packed where packed weights are kept for the next start; null = nowhere
 */
public record LoadOptions(
    int contextLength, int maxBatch, TensorType kvType, @Nullable PackedPlace packed) {
  public static final LoadOptions DEFAULTS = new LoadOptions(0, 256, TensorType.F16, null);

  public LoadOptions(int contextLength, int maxBatch, TensorType kvType) {
    this(contextLength, maxBatch, kvType, null);
  }
}
