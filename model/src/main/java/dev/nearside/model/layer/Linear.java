package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;

/** A matrix product, quantised or not, with or without a bias or an adapter. */
public interface Linear {
  /** Output features. */
  int rows();

  /** Input features. */
  int cols();

  /** Bytes that the weights take as loaded. */
  long bytes();

  /** {@code out (tokens, rows) = x (tokens, cols) × Wᵀ + b}. */
  void apply(Kernels kernels, Activations x, Floats out);
}
