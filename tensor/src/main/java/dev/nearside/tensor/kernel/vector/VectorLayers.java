package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.SpecLayers;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.SpecRows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link SpecLayers} and the rounding of activations over rows on the heap. */
final class VectorLayers {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int LANES = SpecLayers.LANES;

  private VectorLayers() {}

  /**
   * Rounds the whole blocks of a row; false when a value of them is not finite, and then nothing
   * that was written counts.
   */
  static boolean quantise(
      float[] x,
      int at,
      int blocks,
      float[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      float[] sums,
      int sumsAt) {
    for (int b = 0; b < blocks; b++) {
      int from = at + b * 32;
      FloatVector max = FloatVector.fromArray(F, x, from).abs();
      for (int k = WIDTH; k < 32; k += WIDTH) {
        max = max.max(FloatVector.fromArray(F, x, from + k).abs());
      }
      float largest = max.reduceLanes(VectorOperators.MAX);
      if (!Float.isFinite(largest)) {
        return false;
      }
      float d = largest < SpecRows.TINY ? 0 : largest / SpecRows.MAX_CODE;
      scales[scalesAt + b] = d;
      int to = codesAt + b * 32;
      if (d == 0) {
        Arrays.fill(codes, to, to + 32, 0f);
        sums[sumsAt + 2 * b] = 0;
        sums[sumsAt + 2 * b + 1] = 0;
        continue;
      }
      for (int piece = 0; piece < 2; piece++) {
        FloatVector sum = FloatVector.zero(F);
        for (int k = piece * 16; k < piece * 16 + 16; k += WIDTH) {
          FloatVector q =
              FloatVector.fromArray(F, x, from + k)
                  .div(d)
                  .add(SpecMath.ROUNDER)
                  .sub(SpecMath.ROUNDER);
          q.intoArray(codes, to + k);
          sum = sum.add(q);
        }
        sums[sumsAt + 2 * b + piece] = sum.reduceLanes(VectorOperators.ADD); // exact integers
      }
    }
    return true;
  }

  /** One row in place; {@code lanes} is scratch of 16. */
  static void rmsNorm(float[] x, float[] weight, float eps, int dim, float[] lanes) {
    Arrays.fill(lanes, 0f);
    int whole = dim / LANES * LANES;
    for (int i = 0; i < LANES; i += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = i; k < whole; k += LANES) {
        FloatVector v = FloatVector.fromArray(F, x, k);
        sum = v.fma(v, sum);
      }
      sum.intoArray(lanes, i);
    }
    for (int k = whole; k < dim; k++) {
      lanes[k - whole] = Math.fma(x[k], x[k], lanes[k - whole]);
    }
    float factor = SpecLayers.rmsFactor(lanes, eps, dim);
    for (int k = 0; k < whole; k += WIDTH) {
      FloatVector.fromArray(F, x, k)
          .mul(factor)
          .mul(FloatVector.fromArray(F, weight, k))
          .intoArray(x, k);
    }
    for (int k = whole; k < dim; k++) {
      x[k] = (x[k] * factor) * weight[k];
    }
  }

  /**
   * Replaces {@code x[0 … count - 1]} by {@code exp(x - max)}; returns their sum over 16 virtual
   * lanes. {@code x} is filled with minus infinity up to a multiple of 16, whose exp is 0.
   */
  static float exponentials(float[] x, int count, float max, float[] lanes) {
    VectorMath.exp(x, count, max);
    for (int i = 0; i < LANES; i += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = i; k < count; k += LANES) {
        sum = sum.add(FloatVector.fromArray(F, x, k));
      }
      sum.intoArray(lanes, i);
    }
    return SpecLayers.tree(lanes);
  }

  /** The largest of {@code x[0 … count - 1]}, whole vectors; NaN if one is. */
  static float max(float[] x, int count) {
    FloatVector max = FloatVector.fromArray(F, x, 0);
    for (int k = WIDTH; k < count; k += WIDTH) {
      max = max.max(FloatVector.fromArray(F, x, k));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** Softmax of a row in place; {@code x} has room for a multiple of 16. */
  static void softmax(float[] x, int dim, float[] lanes) {
    int padded = (dim + LANES - 1) / LANES * LANES;
    Arrays.fill(x, dim, padded, Float.NEGATIVE_INFINITY);
    float sum = exponentials(x, padded, max(x, padded), lanes);
    for (int k = 0; k < padded; k += WIDTH) {
      FloatVector.fromArray(F, x, k).div(sum).intoArray(x, k);
    }
  }
}
