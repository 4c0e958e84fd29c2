package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;

/**
 * A weight matrix in the layout that one kernel provider computes on. Only the provider that packed
 * it can read it.
 */
public interface PackedWeights {
  /** The type of the weights that were packed: it decides the arithmetic. */
  TensorType type();

  /** Output features. */
  int rows();

  /** Input features. */
  int cols();

  /** Bytes of the packed copy; 0 when the original is used in place. */
  long bytes();
}
