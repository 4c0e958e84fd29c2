package dev.nearside.tensor.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The specification of what encoders add: the normal distribution's gelu, the norm with a mean, and
 * attention in both directions. See docs/design/numerics.md.
 */
public final class SpecEncoder {
  /** Keys of a tile: the same as in {@link SpecAttention}. */
  public static final int TILE = KvLayer.BLOCK;

  public static final float SQRT_HALF = 0x1.6a09e6p-1f;

  /** {@code u = 1 / (1 + 0.4 t)} maps 0 … ∞ to 1 … 0. */
  public static final float ERFC_MAP = 0x1.99999ap-2f;

  /**
   * {@code erfc(t) e^(t²) / (2u)} as a polynomial of u, highest power first: a least-squares fit at
   * Chebyshev nodes for t up to 10, relative error below 1e-8, rounded to float32.
   */
  public static final float ERFC_9 = -0x1.f29042p-7f;

  public static final float ERFC_8 = 0x1.9e74cap-4f;
  public static final float ERFC_7 = -0x1.046946p-2f;
  public static final float ERFC_6 = 0x1.1eaa4ep-2f;
  public static final float ERFC_5 = -0x1.2d41ccp-3f;
  public static final float ERFC_4 = 0x1.1bb2e8p-3f;
  public static final float ERFC_3 = 0x1.064414p-4f;
  public static final float ERFC_2 = 0x1.b8d1fap-4f;
  public static final float ERFC_1 = 0x1.cca080p-4f;
  public static final float ERFC_0 = 0x1.ce4058p-4f;

  private SpecEncoder() {}

  /**
   * {@code x Φ(x)}, by {@code h = erfc(|x| / sqrt 2) / 2}: {@code x h} below zero, {@code x - x h}
   * else. The absolute error is below 3e-7 for |x| up to 16.
   */
  public static float gelu(float x) {
    float t = Math.abs(x) * SQRT_HALF;
    float u = 1f / Math.fma(t, ERFC_MAP, 1f);
    float p = ERFC_9;
    p = Math.fma(p, u, ERFC_8);
    p = Math.fma(p, u, ERFC_7);
    p = Math.fma(p, u, ERFC_6);
    p = Math.fma(p, u, ERFC_5);
    p = Math.fma(p, u, ERFC_4);
    p = Math.fma(p, u, ERFC_3);
    p = Math.fma(p, u, ERFC_2);
    p = Math.fma(p, u, ERFC_1);
    p = Math.fma(p, u, ERFC_0);
    float h = SpecMath.exp(-(t * t)) * (p * u);
    return x < 0 ? x * h : Math.fma(-x, h, x);
  }

  /** One value of an {@link Activation}. */
  public static float activate(Activation act, float x) {
    return switch (act) {
      case GELU -> gelu(x);
      case GELU_TANH -> SpecMath.geluTanh(x);
      case SILU -> SpecMath.silu(x);
      case RELU -> Math.max(x, 0f);
      case TANH -> SpecMath.tanh(x);
    };
  }

  /** One row of {@link EncoderKernels#layerNorm}; {@code out} may be {@code x}. */
  public static void layerNorm(
      float[] x,
      int at,
      float[] weight,
      float @Nullable [] bias,
      float eps,
      int dim,
      float[] out,
      int outAt) {
    float[] lanes = new float[SpecLayers.LANES];
    for (int i = 0; i < dim; i++) {
      lanes[i % SpecLayers.LANES] += x[at + i];
    }
    float mean = SpecLayers.tree(lanes) / dim;
    lanes = new float[SpecLayers.LANES];
    for (int i = 0; i < dim; i++) {
      float d = x[at + i] - mean;
      lanes[i % SpecLayers.LANES] = Math.fma(d, d, lanes[i % SpecLayers.LANES]);
    }
    float factor = SpecLayers.rmsFactor(lanes, eps, dim);
    for (int i = 0; i < dim; i++) {
      float normed = (x[at + i] - mean) * factor;
      out[outAt + i] = bias == null ? normed * weight[i] : Math.fma(normed, weight[i], bias[i]);
    }
  }

  /** First position that a token at {@code position} sees. */
  public static int low(EncoderSpec spec, int position) {
    return spec.reach() == 0 ? 0 : Math.max(0, position - spec.reach());
  }

  /** The position after the last that a token at {@code position} of {@code length} sees. */
  public static int high(EncoderSpec spec, int position, int length) {
    // Not position + reach + 1, which may overflow.
    return spec.reach() == 0 || length - 1 - position <= spec.reach()
        ? length
        : position + spec.reach() + 1;
  }

  /**
   * One query head over all tiles that it sees.
   *
   * @param position of the token in its sequence
   * @param length of the sequence
   * @param q the query, {@code headDim} values
   * @param k the head's keys, {@code (length, headDim)}
   * @param v the head's values, {@code (length, headDim)}
   * @param out {@code headDim} values
   */
  public static void head(
      EncoderSpec spec, int position, int length, float[] q, float[] k, float[] v, float[] out) {
    int dim = spec.headDim();
    int low = low(spec, position);
    int high = high(spec, position, length);
    float[] merged = new float[dim];
    float mergedMax = 0;
    float mergedSum = 0;
    for (int tile = low / TILE; tile <= (high - 1) / TILE; tile++) {
      int from = Math.max(low, tile * TILE);
      int to = Math.min(high, (tile + 1) * TILE);
      float[] p = new float[TILE]; // by position % TILE
      float max = Float.NEGATIVE_INFINITY;
      for (int j = from; j < to; j++) {
        float s = 0;
        for (int i = 0; i < dim; i++) {
          s = Math.fma(q[i], k[j * dim + i], s);
        }
        p[j % TILE] = s * spec.scale();
        max = Math.max(max, p[j % TILE]);
      }
      float[] lanes = new float[SpecLayers.LANES];
      for (int j = from; j < to; j++) {
        p[j % TILE] = SpecMath.exp(p[j % TILE] - max);
        lanes[j % SpecLayers.LANES] += p[j % TILE];
      }
      float sum = SpecLayers.tree(lanes);
      boolean isFirst = tile == low / TILE;
      float newMax = isFirst ? max : Math.max(mergedMax, max);
      float keep = isFirst ? 0 : SpecMath.exp(mergedMax - newMax);
      float take = isFirst ? 1 : SpecMath.exp(max - newMax);
      mergedSum = isFirst ? sum : Math.fma(mergedSum, keep, sum * take);
      for (int i = 0; i < dim; i++) {
        float a = 0;
        for (int j = from; j < to; j++) {
          a = Math.fma(p[j % TILE], v[j * dim + i], a);
        }
        merged[i] = isFirst ? a : Math.fma(merged[i], keep, a * take);
      }
      mergedMax = newMax;
    }
    for (int i = 0; i < dim; i++) {
      out[i] = merged[i] / mergedSum;
    }
  }
}
