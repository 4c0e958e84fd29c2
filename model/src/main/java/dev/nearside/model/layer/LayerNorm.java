package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Normalisation by mean and variance (Ba, Kiros and Hinton 2016).
 *
 * @param weight {@code (dim)}
 * @param bias {@code (dim)}, or null
 * @param eps added to the variance
 */
public record LayerNorm(Floats weight, @Nullable Floats bias, float eps) {
  /** Normalises each of {@code rows} rows of the weight's width. */
  public void apply(Kernels kernels, Floats x, int rows, Floats out) {
    kernels.encoder().layerNorm(x, weight, bias, eps, rows, Math.toIntExact(weight.size()), out);
  }
}
