package dev.nearside.tensor.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The two inner loops of attention on one tile of 64 keys, decoded to float32. */
final class AttentionTiles {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int TILE = 64;

  private AttentionTiles() {}

  /**
   * Scores of all 64 keys: {@code s = fma(q[i], k[i][j], s)}, i ascending, times {@code scale}.
   *
   * @param q a query, {@code dim} values from {@code qAt}
   * @param keys {@code (dim, 64)}
   */
  static void scores(float[] q, int qAt, int dim, float[] keys, float scale, float[] scores) {
    for (int strip = 0; strip < TILE; strip += 4 * WIDTH) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int at = strip;
      for (int i = 0; i < dim; i++) {
        FloatVector b = FloatVector.broadcast(F, q[qAt + i]);
        s0 = FloatVector.fromArray(F, keys, at).fma(b, s0);
        s1 = FloatVector.fromArray(F, keys, at + WIDTH).fma(b, s1);
        s2 = FloatVector.fromArray(F, keys, at + 2 * WIDTH).fma(b, s2);
        s3 = FloatVector.fromArray(F, keys, at + 3 * WIDTH).fma(b, s3);
        at += TILE;
      }
      s0.mul(scale).intoArray(scores, strip);
      s1.mul(scale).intoArray(scores, strip + WIDTH);
      s2.mul(scale).intoArray(scores, strip + 2 * WIDTH);
      s3.mul(scale).intoArray(scores, strip + 3 * WIDTH);
    }
  }

  /**
   * Weighted values of keys {@code from … to - 1}: {@code v = fma(p[j], values[j][i], v)}, j
   * ascending.
   *
   * @param values {@code (64, dim)}
   */
  static void values(float[] p, int from, int to, float[] values, int dim, float[] out) {
    int i = 0;
    for (; i + 4 * WIDTH <= dim; i += 4 * WIDTH) {
      FloatVector v0 = FloatVector.zero(F);
      FloatVector v1 = v0;
      FloatVector v2 = v0;
      FloatVector v3 = v0;
      int at = from * dim + i;
      for (int j = from; j < to; j++) {
        FloatVector b = FloatVector.broadcast(F, p[j]);
        v0 = FloatVector.fromArray(F, values, at).fma(b, v0);
        v1 = FloatVector.fromArray(F, values, at + WIDTH).fma(b, v1);
        v2 = FloatVector.fromArray(F, values, at + 2 * WIDTH).fma(b, v2);
        v3 = FloatVector.fromArray(F, values, at + 3 * WIDTH).fma(b, v3);
        at += dim;
      }
      v0.intoArray(out, i);
      v1.intoArray(out, i + WIDTH);
      v2.intoArray(out, i + 2 * WIDTH);
      v3.intoArray(out, i + 3 * WIDTH);
    }
    for (; i + WIDTH <= dim; i += WIDTH) {
      FloatVector v0 = FloatVector.zero(F);
      for (int j = from; j < to; j++) {
        v0 = FloatVector.fromArray(F, values, j * dim + i).fma(FloatVector.broadcast(F, p[j]), v0);
      }
      v0.intoArray(out, i);
    }
    for (; i < dim; i++) {
      float v = 0;
      for (int j = from; j < to; j++) {
        v = Math.fma(p[j], values[j * dim + i], v);
      }
      out[i] = v;
    }
  }

  /** {@code merged = fma(merged, keep, values * take)} for {@code dim} values. */
  static void merge(float[] merged, int at, float keep, float[] values, float take, int dim) {
    int i = 0;
    for (; i + WIDTH <= dim; i += WIDTH) {
      FloatVector.fromArray(F, merged, at + i)
          .fma(FloatVector.broadcast(F, keep), FloatVector.fromArray(F, values, i).mul(take))
          .intoArray(merged, at + i);
    }
    for (; i < dim; i++) {
      merged[at + i] = Math.fma(merged[at + i], keep, values[i] * take);
    }
  }
}
