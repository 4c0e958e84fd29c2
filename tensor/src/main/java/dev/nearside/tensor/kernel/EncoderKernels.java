package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import org.jspecify.annotations.Nullable;

/**
 * What encoders need besides {@link Kernels}: the same rules hold, of threads and of bits. Obtained
 * from {@link Kernels#encoder} for each operation anew.
 */
public interface EncoderKernels {
  /**
   * {@code out = (x - mean) / sqrt(variance + eps) * weight + bias} for each of {@code rows} rows
   * of {@code dim} (Ba, Kiros and Hinton 2016); {@code out} may be {@code x}.
   */
  void layerNorm(
      Floats x, Floats weight, @Nullable Floats bias, float eps, int rows, int dim, Floats out);

  /** {@code x = act(x)}, element by element. */
  void activate(Activation act, Floats x, long count);

  /**
   * Attention in both directions within each sequence. {@code q}, {@code k}, {@code v} and {@code
   * out} are {@code (tokens, heads, headDim)}.
   *
   * @param starts first token of each sequence, and the number of tokens: sequences stand one after
   *     the other
   */
  void attention(EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out);
}
