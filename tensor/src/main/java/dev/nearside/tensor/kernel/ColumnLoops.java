package dev.nearside.tensor.kernel;

/**
 * The inner loops of plain kernels, over rows, with each column of weights in an array of its own:
 * the shape that the JVM's compiler turns into vector instructions by itself.
 */
public final class ColumnLoops {
  private ColumnLoops() {}

  /** {@code y[r] = fma(w[k][r], x[k], y[r])} for k ascending. */
  public static void add(
      float[][] w, int from, float[] x, int xAt, int count, float[] y, int rows) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      float[] w0 = w[from + k];
      float[] w1 = w[from + k + 1];
      float[] w2 = w[from + k + 2];
      float[] w3 = w[from + k + 3];
      float x0 = x[xAt + k];
      float x1 = x[xAt + k + 1];
      float x2 = x[xAt + k + 2];
      float x3 = x[xAt + k + 3];
      for (int r = 0; r < rows; r++) {
        y[r] =
            Math.fma(
                w3[r], x3, Math.fma(w2[r], x2, Math.fma(w1[r], x1, Math.fma(w0[r], x0, y[r]))));
      }
    }
    for (; k < count; k++) {
      float[] w0 = w[from + k];
      float x0 = x[xAt + k];
      for (int r = 0; r < rows; r++) {
        y[r] = Math.fma(w0[r], x0, y[r]);
      }
    }
  }

  /** {@code y[r] = fma(dots[r], scales[r] * d, y[r])}: a group's dots into their sums. */
  public static void scale(float[] dots, float[] scales, float d, float[] y, int rows) {
    for (int r = 0; r < rows; r++) {
      y[r] = Math.fma(dots[r], scales[r] * d, y[r]);
    }
  }

  /** {@code y[r] = fma(sum, offsets[r] * d, y[r])}: a group's offsets into their sums. */
  public static void offset(float sum, float[] offsets, float d, float[] y, int rows) {
    for (int r = 0; r < rows; r++) {
      y[r] = Math.fma(sum, offsets[r] * d, y[r]);
    }
  }
}
