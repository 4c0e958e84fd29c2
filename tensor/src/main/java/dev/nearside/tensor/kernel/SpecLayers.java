package dev.nearside.tensor.kernel;

/** The specification of norms, softmax and rotation: see docs/design/numerics.md. */
public final class SpecLayers {
  /** Virtual lanes of a sum. */
  public static final int LANES = 16;

  private SpecLayers() {}

  /** Adds 16 lanes: lane i and i + 8, then i + 4, i + 2, i + 1. Overwrites {@code lanes}. */
  public static float tree(float[] lanes) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  /** {@code x / sqrt(mean(x²) + eps) * weight} of one row; {@code out} may be {@code x}. */
  public static void rmsNorm(
      float[] x, int at, float[] weight, float eps, int dim, float[] out, int outAt) {
    float[] lanes = new float[LANES];
    for (int i = 0; i < dim; i++) {
      lanes[i % LANES] = Math.fma(x[at + i], x[at + i], lanes[i % LANES]);
    }
    float factor = rmsFactor(lanes, eps, dim);
    for (int i = 0; i < dim; i++) {
      out[outAt + i] = (x[at + i] * factor) * weight[i];
    }
  }

  /** {@code 1 / sqrt(tree(lanes) / dim + eps)}. */
  public static float rmsFactor(float[] lanes, float eps, int dim) {
    float mean = tree(lanes) / dim;
    return 1f / (float) Math.sqrt(mean + eps);
  }

  /** Softmax of one row in place. */
  public static void softmax(float[] x, int at, int dim) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < dim; i++) {
      max = Math.max(max, x[at + i]);
    }
    float[] lanes = new float[LANES];
    for (int i = 0; i < dim; i++) {
      float e = SpecMath.exp(x[at + i] - max);
      x[at + i] = e;
      lanes[i % LANES] += e;
    }
    float sum = tree(lanes);
    for (int i = 0; i < dim; i++) {
      x[at + i] /= sum;
    }
  }

  /**
   * Rotates the first {@code ropeDim} elements of one head in place by the pairs of {@code cosSin}.
   */
  public static void rope(
      float[] x, int at, int ropeDim, RopeStyle style, float[] cosSin, int tableAt) {
    int pairs = ropeDim / 2;
    for (int i = 0; i < pairs; i++) {
      int a =
          switch (style) {
            case ADJACENT -> at + 2 * i;
            case HALVES -> at + i;
          };
      int b =
          switch (style) {
            case ADJACENT -> a + 1;
            case HALVES -> a + pairs;
          };
      float cos = cosSin[tableAt + 2 * i];
      float sin = cosSin[tableAt + 2 * i + 1];
      float first = x[a];
      float second = x[b];
      x[a] = Math.fma(first, cos, -(second * sin));
      x[b] = Math.fma(first, sin, second * cos);
    }
  }
}
