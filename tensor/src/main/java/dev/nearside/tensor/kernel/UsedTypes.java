package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;
import java.util.List;

/**
 * What kernels will be used on, and so have to be compiled for.
 *
 * @param weights formats of the weights
 * @param kv type of keys and values
 */
public record UsedTypes(List<TensorType> weights, TensorType kv) {
  public UsedTypes {
    weights = List.copyOf(weights);
  }
}
