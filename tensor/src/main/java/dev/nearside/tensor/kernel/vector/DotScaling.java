package dev.nearside.tensor.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The scaled steps of a panel's rows, group after group: the second half of a decode product. */
final class DotScaling {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;

  private DotScaling() {}

  /** {@code y = fma(dot, scale * d, y)} for every group; the result is {@code y[0 … ROWS - 1]}. */
  static void scale(float[] dots, float[] scales, float[] d, int groups, int group, float[] y) {
    FloatVector y0 = FloatVector.zero(F);
    FloatVector y1 = y0;
    int at = 0;
    for (int g = 0; g < groups; g++) {
      float dg = d[g * group / 32];
      y0 = FloatVector.fromArray(F, dots, at).fma(FloatVector.fromArray(F, scales, at).mul(dg), y0);
      y1 =
          FloatVector.fromArray(F, dots, at + WIDTH)
              .fma(FloatVector.fromArray(F, scales, at + WIDTH).mul(dg), y1);
      at += ROWS;
    }
    y0.intoArray(y, 0);
    y1.intoArray(y, WIDTH);
  }

  /** The same with {@code y = fma(sum of codes, offset * d, y)} after each step. */
  static void scaleWithOffsets(
      float[] dots,
      float[] scales,
      float[] offsets,
      float[] d,
      float[] sums,
      int groups,
      int group,
      float[] y) {
    FloatVector y0 = FloatVector.zero(F);
    FloatVector y1 = y0;
    int at = 0;
    for (int g = 0; g < groups; g++) {
      float dg = d[g * group / 32];
      float sum = group == 32 ? sums[2 * g] + sums[2 * g + 1] : sums[g];
      FloatVector b = FloatVector.broadcast(F, sum);
      y0 = FloatVector.fromArray(F, dots, at).fma(FloatVector.fromArray(F, scales, at).mul(dg), y0);
      y1 =
          FloatVector.fromArray(F, dots, at + WIDTH)
              .fma(FloatVector.fromArray(F, scales, at + WIDTH).mul(dg), y1);
      y0 = FloatVector.fromArray(F, offsets, at).mul(dg).fma(b, y0);
      y1 = FloatVector.fromArray(F, offsets, at + WIDTH).mul(dg).fma(b, y1);
      at += ROWS;
    }
    y0.intoArray(y, 0);
    y1.intoArray(y, WIDTH);
  }
}
