package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;

/**
 * Root-mean-square normalisation with a weight per element (Zhang and Sennrich 2019).
 *
 * @param weight {@code (dim)}
 * @param eps added to the mean square
 */
public record RmsNorm(Floats weight, float eps) {
  /** Normalises each of {@code rows} rows of the weight's width. */
  public void apply(Kernels kernels, Floats x, int rows, Floats out) {
    kernels.rmsNorm(x, weight, eps, rows, Math.toIntExact(weight.size()), out);
  }
}
