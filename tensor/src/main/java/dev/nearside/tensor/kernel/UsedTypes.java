package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;
import java.util.List;

/**
 * What kernels will be used on, and so have to be compiled for.
 *
 * @param weights formats of the weights
 * @param kv type of keys and values
 * @param isEncoder whether {@link EncoderKernels} will be used too
 */
public record UsedTypes(List<TensorType> weights, TensorType kv, boolean isEncoder) {
  /** For decoders. */
  public UsedTypes(List<TensorType> weights, TensorType kv) {
    this(weights, kv, false);
  }

  public UsedTypes {
    weights = List.copyOf(weights);
  }
}
