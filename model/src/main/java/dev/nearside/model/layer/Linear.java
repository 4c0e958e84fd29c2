package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;

/** A matrix product, quantised or not, with or without a bias, and open to adapters. */
public interface Linear {
  /** Output features. */
  int rows();

  /** Input features. */
  int cols();

  /** Bytes that the weights take as loaded. */
  long bytes();

  /**
   * {@code out (tokens, rows) = x (tokens, cols) × Wᵀ + b}, and what adapters add.
   *
   * @param adapters of the rows of {@code x}
   */
  void apply(Kernels kernels, Activations x, RowAdapters adapters, Floats out);

  /** The same without adapters. */
  default void apply(Kernels kernels, Activations x, Floats out) {
    apply(kernels, x, RowAdapters.NONE, out);
  }
}
