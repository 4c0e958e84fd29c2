package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.SpecKv;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of attention on one tile of 64 keys in Q8_0, whose codes were converted to
 * float32 and are scaled group by group.
 */
final class AttentionCodes {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int TILE = 64;
  private static final int GROUP = SpecKv.GROUP;

  private AttentionCodes() {}

  /**
   * Scores of all 64 keys: per group {@code t = fma(q[i], code[i][j], t)}, i ascending, and {@code
   * s = fma(t, keyScale[j], s)}; then times {@code scale}.
   *
   * @param q a query, {@code dim} values from {@code qAt}
   * @param codes {@code (dim, 64)}
   * @param scales {@code (dim / 32, 64)}
   */
  static void scores(
      float[] q, int qAt, int dim, float[] codes, float[] scales, float scale, float[] scores) {
    for (int strip = 0; strip < TILE; strip += 4 * WIDTH) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int at = strip;
      for (int first = 0; first < dim; first += GROUP) {
        FloatVector t0 = FloatVector.zero(F);
        FloatVector t1 = t0;
        FloatVector t2 = t0;
        FloatVector t3 = t0;
        for (int i = first; i < first + GROUP; i++) {
          FloatVector b = FloatVector.broadcast(F, q[qAt + i]);
          t0 = FloatVector.fromArray(F, codes, at).fma(b, t0);
          t1 = FloatVector.fromArray(F, codes, at + WIDTH).fma(b, t1);
          t2 = FloatVector.fromArray(F, codes, at + 2 * WIDTH).fma(b, t2);
          t3 = FloatVector.fromArray(F, codes, at + 3 * WIDTH).fma(b, t3);
          at += TILE;
        }
        int scaleAt = first / GROUP * TILE + strip;
        s0 = FloatVector.fromArray(F, scales, scaleAt).fma(t0, s0);
        s1 = FloatVector.fromArray(F, scales, scaleAt + WIDTH).fma(t1, s1);
        s2 = FloatVector.fromArray(F, scales, scaleAt + 2 * WIDTH).fma(t2, s2);
        s3 = FloatVector.fromArray(F, scales, scaleAt + 3 * WIDTH).fma(t3, s3);
      }
      s0.mul(scale).intoArray(scores, strip);
      s1.mul(scale).intoArray(scores, strip + WIDTH);
      s2.mul(scale).intoArray(scores, strip + 2 * WIDTH);
      s3.mul(scale).intoArray(scores, strip + 3 * WIDTH);
    }
  }

  /**
   * {@code weights[g][j] = p[j] * scales[g][j]} for all 64 keys.
   *
   * @param scales {@code (groups, 64)}
   */
  static void weigh(float[] p, float[] scales, int groups, float[] weights) {
    for (int at = 0; at < groups * TILE; at += TILE) {
      for (int j = 0; j < TILE; j += WIDTH) {
        FloatVector.fromArray(F, p, j)
            .mul(FloatVector.fromArray(F, scales, at + j))
            .intoArray(weights, at + j);
      }
    }
  }

  /**
   * Weighted values of keys {@code from … to - 1}: {@code v = fma(weights[g][j], codes[j][i], v)},
   * j ascending.
   *
   * @param codes {@code (64, dim)}
   */
  static void values(float[] weights, int from, int to, float[] codes, int dim, float[] out) {
    int i = 0;
    for (; i + 4 * WIDTH <= dim; i += 4 * WIDTH) {
      FloatVector v0 = FloatVector.zero(F);
      FloatVector v1 = v0;
      FloatVector v2 = v0;
      FloatVector v3 = v0;
      int at = from * dim + i;
      int low = i / GROUP * TILE; // two vectors are a group, or a part of one
      int high = (i + 2 * WIDTH) / GROUP * TILE;
      for (int j = from; j < to; j++) {
        FloatVector b = FloatVector.broadcast(F, weights[low + j]);
        v0 = FloatVector.fromArray(F, codes, at).fma(b, v0);
        v1 = FloatVector.fromArray(F, codes, at + WIDTH).fma(b, v1);
        b = FloatVector.broadcast(F, weights[high + j]);
        v2 = FloatVector.fromArray(F, codes, at + 2 * WIDTH).fma(b, v2);
        v3 = FloatVector.fromArray(F, codes, at + 3 * WIDTH).fma(b, v3);
        at += dim;
      }
      v0.intoArray(out, i);
      v1.intoArray(out, i + WIDTH);
      v2.intoArray(out, i + 2 * WIDTH);
      v3.intoArray(out, i + 3 * WIDTH);
    }
    for (; i < dim; i += WIDTH) {
      FloatVector v = FloatVector.zero(F);
      for (int j = from; j < to; j++) {
        FloatVector b = FloatVector.broadcast(F, weights[i / GROUP * TILE + j]);
        v = FloatVector.fromArray(F, codes, j * dim + i).fma(b, v);
      }
      v.intoArray(out, i);
    }
  }
}
