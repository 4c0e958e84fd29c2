package dev.nearside.engine.encode;

import java.util.Arrays;

/** What is done to a pooled vector. Sums are float64 in order: the bits depend on it alone. */
public final class Vectors {
  private Vectors() {}

  /**
   * Cuts each row to its first values and gives it length 1.
   *
   * @param rows {@code (rows, hidden)}
   * @param dimensions values that stay, at most {@code hidden}
   * @param isNormalised whether rows get length 1; a row of zeros stays one
   * @return {@code (rows, dimensions)}
   */
  public static float[] finish(float[] rows, int hidden, int dimensions, boolean isNormalised) {
    int count = rows.length / hidden;
    float[] out = new float[count * dimensions];
    for (int r = 0; r < count; r++) {
      float[] row = Arrays.copyOfRange(rows, r * hidden, r * hidden + dimensions);
      if (isNormalised) {
        normalise(row);
      }
      System.arraycopy(row, 0, out, r * dimensions, dimensions);
    }
    return out;
  }

  private static void normalise(float[] row) {
    double sum = 0;
    for (float v : row) {
      sum += (double) v * v;
    }
    double length = Math.sqrt(sum);
    for (int i = 0; length > 0 && i < row.length; i++) {
      row[i] = (float) (row[i] / length);
    }
  }

  /** {@code 1 / (1 + e^-x)}: a classifier's score as a probability. */
  public static float sigmoid(float x) {
    return (float) (1 / (1 + StrictMath.exp(-x)));
  }
}
