package dev.nearside.tensor.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles: a decoded piece of a panel ({@code panel[k * ROWS + r]}, two vectors of rows)
 * times several tokens, whose values stand token by token for each column ({@code x[k * TOKENS +
 * t]}). The outputs of a token's row are kept in {@code y[t * ROWS + r]} between pieces.
 *
 * <p>Integer dots per group, exact in any order, then one scaled step per group. {@link FloatTiles}
 * are those of float weights.
 */
final class CodeTiles {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;

  private CodeTiles() {}

  /**
   * 12 tokens, 24 accumulators.
   *
   * @param group columns that share a scale: 32 or 16
   * @param scales of the piece's groups, {@code (groups, ROWS)}; {@code offsets} likewise
   * @param d the tokens' block scales {@code (blocks, 12)}, from {@code dAt}
   * @param sums the tokens' sums of codes {@code (pieces of 16, 12)}, from {@code sumsAt}
   */
  static void codes12(
      float[] panel,
      int groups,
      int group,
      float[] scales,
      float[] offsets,
      int scalesAt,
      boolean hasOffset,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int p = 0;
    int c = xAt;
    for (int g = 0; g < groups; g++) {
      FloatVector a0v0 = FloatVector.zero(F);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 = a0v0;
      FloatVector a1v1 = a0v0;
      FloatVector a2v0 = a0v0;
      FloatVector a2v1 = a0v0;
      FloatVector a3v0 = a0v0;
      FloatVector a3v1 = a0v0;
      FloatVector a4v0 = a0v0;
      FloatVector a4v1 = a0v0;
      FloatVector a5v0 = a0v0;
      FloatVector a5v1 = a0v0;
      FloatVector a6v0 = a0v0;
      FloatVector a6v1 = a0v0;
      FloatVector a7v0 = a0v0;
      FloatVector a7v1 = a0v0;
      FloatVector a8v0 = a0v0;
      FloatVector a8v1 = a0v0;
      FloatVector a9v0 = a0v0;
      FloatVector a9v1 = a0v0;
      FloatVector a10v0 = a0v0;
      FloatVector a10v1 = a0v0;
      FloatVector a11v0 = a0v0;
      FloatVector a11v1 = a0v0;
      for (int k = 0; k < group; k++) {
        FloatVector w0 = FloatVector.fromArray(F, panel, p);
        FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
        FloatVector b;
        b = FloatVector.broadcast(F, x[c]);
        a0v0 = w0.fma(b, a0v0);
        a0v1 = w1.fma(b, a0v1);
        b = FloatVector.broadcast(F, x[c + 1]);
        a1v0 = w0.fma(b, a1v0);
        a1v1 = w1.fma(b, a1v1);
        b = FloatVector.broadcast(F, x[c + 2]);
        a2v0 = w0.fma(b, a2v0);
        a2v1 = w1.fma(b, a2v1);
        b = FloatVector.broadcast(F, x[c + 3]);
        a3v0 = w0.fma(b, a3v0);
        a3v1 = w1.fma(b, a3v1);
        b = FloatVector.broadcast(F, x[c + 4]);
        a4v0 = w0.fma(b, a4v0);
        a4v1 = w1.fma(b, a4v1);
        b = FloatVector.broadcast(F, x[c + 5]);
        a5v0 = w0.fma(b, a5v0);
        a5v1 = w1.fma(b, a5v1);
        b = FloatVector.broadcast(F, x[c + 6]);
        a6v0 = w0.fma(b, a6v0);
        a6v1 = w1.fma(b, a6v1);
        b = FloatVector.broadcast(F, x[c + 7]);
        a7v0 = w0.fma(b, a7v0);
        a7v1 = w1.fma(b, a7v1);
        b = FloatVector.broadcast(F, x[c + 8]);
        a8v0 = w0.fma(b, a8v0);
        a8v1 = w1.fma(b, a8v1);
        b = FloatVector.broadcast(F, x[c + 9]);
        a9v0 = w0.fma(b, a9v0);
        a9v1 = w1.fma(b, a9v1);
        b = FloatVector.broadcast(F, x[c + 10]);
        a10v0 = w0.fma(b, a10v0);
        a10v1 = w1.fma(b, a10v1);
        b = FloatVector.broadcast(F, x[c + 11]);
        a11v0 = w0.fma(b, a11v0);
        a11v1 = w1.fma(b, a11v1);
        p += ROWS;
        c += 12;
      }
      int at = scalesAt + g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, at);
      FloatVector s1 = FloatVector.fromArray(F, scales, at + WIDTH);
      int dg = dAt + g * group / 32 * 12;
      a0v0.fma(s0.mul(d[dg]), FloatVector.fromArray(F, y, yAt)).intoArray(y, yAt);
      a0v1.fma(s1.mul(d[dg]), FloatVector.fromArray(F, y, yAt + WIDTH)).intoArray(y, yAt + WIDTH);
      a1v0.fma(s0.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS)).intoArray(y, yAt + ROWS);
      a1v1.fma(s1.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS + WIDTH))
          .intoArray(y, yAt + ROWS + WIDTH);
      a2v0.fma(s0.mul(d[dg + 2]), FloatVector.fromArray(F, y, yAt + 2 * ROWS))
          .intoArray(y, yAt + 2 * ROWS);
      a2v1.fma(s1.mul(d[dg + 2]), FloatVector.fromArray(F, y, yAt + 2 * ROWS + WIDTH))
          .intoArray(y, yAt + 2 * ROWS + WIDTH);
      a3v0.fma(s0.mul(d[dg + 3]), FloatVector.fromArray(F, y, yAt + 3 * ROWS))
          .intoArray(y, yAt + 3 * ROWS);
      a3v1.fma(s1.mul(d[dg + 3]), FloatVector.fromArray(F, y, yAt + 3 * ROWS + WIDTH))
          .intoArray(y, yAt + 3 * ROWS + WIDTH);
      a4v0.fma(s0.mul(d[dg + 4]), FloatVector.fromArray(F, y, yAt + 4 * ROWS))
          .intoArray(y, yAt + 4 * ROWS);
      a4v1.fma(s1.mul(d[dg + 4]), FloatVector.fromArray(F, y, yAt + 4 * ROWS + WIDTH))
          .intoArray(y, yAt + 4 * ROWS + WIDTH);
      a5v0.fma(s0.mul(d[dg + 5]), FloatVector.fromArray(F, y, yAt + 5 * ROWS))
          .intoArray(y, yAt + 5 * ROWS);
      a5v1.fma(s1.mul(d[dg + 5]), FloatVector.fromArray(F, y, yAt + 5 * ROWS + WIDTH))
          .intoArray(y, yAt + 5 * ROWS + WIDTH);
      a6v0.fma(s0.mul(d[dg + 6]), FloatVector.fromArray(F, y, yAt + 6 * ROWS))
          .intoArray(y, yAt + 6 * ROWS);
      a6v1.fma(s1.mul(d[dg + 6]), FloatVector.fromArray(F, y, yAt + 6 * ROWS + WIDTH))
          .intoArray(y, yAt + 6 * ROWS + WIDTH);
      a7v0.fma(s0.mul(d[dg + 7]), FloatVector.fromArray(F, y, yAt + 7 * ROWS))
          .intoArray(y, yAt + 7 * ROWS);
      a7v1.fma(s1.mul(d[dg + 7]), FloatVector.fromArray(F, y, yAt + 7 * ROWS + WIDTH))
          .intoArray(y, yAt + 7 * ROWS + WIDTH);
      a8v0.fma(s0.mul(d[dg + 8]), FloatVector.fromArray(F, y, yAt + 8 * ROWS))
          .intoArray(y, yAt + 8 * ROWS);
      a8v1.fma(s1.mul(d[dg + 8]), FloatVector.fromArray(F, y, yAt + 8 * ROWS + WIDTH))
          .intoArray(y, yAt + 8 * ROWS + WIDTH);
      a9v0.fma(s0.mul(d[dg + 9]), FloatVector.fromArray(F, y, yAt + 9 * ROWS))
          .intoArray(y, yAt + 9 * ROWS);
      a9v1.fma(s1.mul(d[dg + 9]), FloatVector.fromArray(F, y, yAt + 9 * ROWS + WIDTH))
          .intoArray(y, yAt + 9 * ROWS + WIDTH);
      a10v0
          .fma(s0.mul(d[dg + 10]), FloatVector.fromArray(F, y, yAt + 10 * ROWS))
          .intoArray(y, yAt + 10 * ROWS);
      a10v1
          .fma(s1.mul(d[dg + 10]), FloatVector.fromArray(F, y, yAt + 10 * ROWS + WIDTH))
          .intoArray(y, yAt + 10 * ROWS + WIDTH);
      a11v0
          .fma(s0.mul(d[dg + 11]), FloatVector.fromArray(F, y, yAt + 11 * ROWS))
          .intoArray(y, yAt + 11 * ROWS);
      a11v1
          .fma(s1.mul(d[dg + 11]), FloatVector.fromArray(F, y, yAt + 11 * ROWS + WIDTH))
          .intoArray(y, yAt + 11 * ROWS + WIDTH);
      if (hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, at);
        FloatVector o1 = FloatVector.fromArray(F, offsets, at + WIDTH);
        int pieces = group / 16;
        for (int t = 0; t < 12; t++) {
          int sumAt = sumsAt + g * pieces * 12 + t;
          float sum = pieces == 1 ? sums[sumAt] : sums[sumAt] + sums[sumAt + 12];
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to))
              .intoArray(y, to);
          o1.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to + WIDTH))
              .intoArray(y, to + WIDTH);
        }
      }
    }
  }

  /**
   * 6 tokens, 12 accumulators.
   *
   * @param group columns that share a scale: 32 or 16
   * @param scales of the piece's groups, {@code (groups, ROWS)}; {@code offsets} likewise
   * @param d the tokens' block scales {@code (blocks, 6)}, from {@code dAt}
   * @param sums the tokens' sums of codes {@code (pieces of 16, 6)}, from {@code sumsAt}
   */
  static void codes6(
      float[] panel,
      int groups,
      int group,
      float[] scales,
      float[] offsets,
      int scalesAt,
      boolean hasOffset,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int p = 0;
    int c = xAt;
    for (int g = 0; g < groups; g++) {
      FloatVector a0v0 = FloatVector.zero(F);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 = a0v0;
      FloatVector a1v1 = a0v0;
      FloatVector a2v0 = a0v0;
      FloatVector a2v1 = a0v0;
      FloatVector a3v0 = a0v0;
      FloatVector a3v1 = a0v0;
      FloatVector a4v0 = a0v0;
      FloatVector a4v1 = a0v0;
      FloatVector a5v0 = a0v0;
      FloatVector a5v1 = a0v0;
      for (int k = 0; k < group; k++) {
        FloatVector w0 = FloatVector.fromArray(F, panel, p);
        FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
        FloatVector b;
        b = FloatVector.broadcast(F, x[c]);
        a0v0 = w0.fma(b, a0v0);
        a0v1 = w1.fma(b, a0v1);
        b = FloatVector.broadcast(F, x[c + 1]);
        a1v0 = w0.fma(b, a1v0);
        a1v1 = w1.fma(b, a1v1);
        b = FloatVector.broadcast(F, x[c + 2]);
        a2v0 = w0.fma(b, a2v0);
        a2v1 = w1.fma(b, a2v1);
        b = FloatVector.broadcast(F, x[c + 3]);
        a3v0 = w0.fma(b, a3v0);
        a3v1 = w1.fma(b, a3v1);
        b = FloatVector.broadcast(F, x[c + 4]);
        a4v0 = w0.fma(b, a4v0);
        a4v1 = w1.fma(b, a4v1);
        b = FloatVector.broadcast(F, x[c + 5]);
        a5v0 = w0.fma(b, a5v0);
        a5v1 = w1.fma(b, a5v1);
        p += ROWS;
        c += 6;
      }
      int at = scalesAt + g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, at);
      FloatVector s1 = FloatVector.fromArray(F, scales, at + WIDTH);
      int dg = dAt + g * group / 32 * 6;
      a0v0.fma(s0.mul(d[dg]), FloatVector.fromArray(F, y, yAt)).intoArray(y, yAt);
      a0v1.fma(s1.mul(d[dg]), FloatVector.fromArray(F, y, yAt + WIDTH)).intoArray(y, yAt + WIDTH);
      a1v0.fma(s0.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS)).intoArray(y, yAt + ROWS);
      a1v1.fma(s1.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS + WIDTH))
          .intoArray(y, yAt + ROWS + WIDTH);
      a2v0.fma(s0.mul(d[dg + 2]), FloatVector.fromArray(F, y, yAt + 2 * ROWS))
          .intoArray(y, yAt + 2 * ROWS);
      a2v1.fma(s1.mul(d[dg + 2]), FloatVector.fromArray(F, y, yAt + 2 * ROWS + WIDTH))
          .intoArray(y, yAt + 2 * ROWS + WIDTH);
      a3v0.fma(s0.mul(d[dg + 3]), FloatVector.fromArray(F, y, yAt + 3 * ROWS))
          .intoArray(y, yAt + 3 * ROWS);
      a3v1.fma(s1.mul(d[dg + 3]), FloatVector.fromArray(F, y, yAt + 3 * ROWS + WIDTH))
          .intoArray(y, yAt + 3 * ROWS + WIDTH);
      a4v0.fma(s0.mul(d[dg + 4]), FloatVector.fromArray(F, y, yAt + 4 * ROWS))
          .intoArray(y, yAt + 4 * ROWS);
      a4v1.fma(s1.mul(d[dg + 4]), FloatVector.fromArray(F, y, yAt + 4 * ROWS + WIDTH))
          .intoArray(y, yAt + 4 * ROWS + WIDTH);
      a5v0.fma(s0.mul(d[dg + 5]), FloatVector.fromArray(F, y, yAt + 5 * ROWS))
          .intoArray(y, yAt + 5 * ROWS);
      a5v1.fma(s1.mul(d[dg + 5]), FloatVector.fromArray(F, y, yAt + 5 * ROWS + WIDTH))
          .intoArray(y, yAt + 5 * ROWS + WIDTH);
      if (hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, at);
        FloatVector o1 = FloatVector.fromArray(F, offsets, at + WIDTH);
        int pieces = group / 16;
        for (int t = 0; t < 6; t++) {
          int sumAt = sumsAt + g * pieces * 6 + t;
          float sum = pieces == 1 ? sums[sumAt] : sums[sumAt] + sums[sumAt + 6];
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to))
              .intoArray(y, to);
          o1.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to + WIDTH))
              .intoArray(y, to + WIDTH);
        }
      }
    }
  }

  /**
   * 2 tokens, 4 accumulators.
   *
   * @param group columns that share a scale: 32 or 16
   * @param scales of the piece's groups, {@code (groups, ROWS)}; {@code offsets} likewise
   * @param d the tokens' block scales {@code (blocks, 2)}, from {@code dAt}
   * @param sums the tokens' sums of codes {@code (pieces of 16, 2)}, from {@code sumsAt}
   */
  static void codes2(
      float[] panel,
      int groups,
      int group,
      float[] scales,
      float[] offsets,
      int scalesAt,
      boolean hasOffset,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int p = 0;
    int c = xAt;
    for (int g = 0; g < groups; g++) {
      FloatVector a0v0 = FloatVector.zero(F);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 = a0v0;
      FloatVector a1v1 = a0v0;
      for (int k = 0; k < group; k++) {
        FloatVector w0 = FloatVector.fromArray(F, panel, p);
        FloatVector w1 = FloatVector.fromArray(F, panel, p + WIDTH);
        FloatVector b;
        b = FloatVector.broadcast(F, x[c]);
        a0v0 = w0.fma(b, a0v0);
        a0v1 = w1.fma(b, a0v1);
        b = FloatVector.broadcast(F, x[c + 1]);
        a1v0 = w0.fma(b, a1v0);
        a1v1 = w1.fma(b, a1v1);
        p += ROWS;
        c += 2;
      }
      int at = scalesAt + g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, at);
      FloatVector s1 = FloatVector.fromArray(F, scales, at + WIDTH);
      int dg = dAt + g * group / 32 * 2;
      a0v0.fma(s0.mul(d[dg]), FloatVector.fromArray(F, y, yAt)).intoArray(y, yAt);
      a0v1.fma(s1.mul(d[dg]), FloatVector.fromArray(F, y, yAt + WIDTH)).intoArray(y, yAt + WIDTH);
      a1v0.fma(s0.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS)).intoArray(y, yAt + ROWS);
      a1v1.fma(s1.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS + WIDTH))
          .intoArray(y, yAt + ROWS + WIDTH);
      if (hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, at);
        FloatVector o1 = FloatVector.fromArray(F, offsets, at + WIDTH);
        int pieces = group / 16;
        for (int t = 0; t < 2; t++) {
          int sumAt = sumsAt + g * pieces * 2 + t;
          float sum = pieces == 1 ? sums[sumAt] : sums[sumAt] + sums[sumAt + 2];
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to))
              .intoArray(y, to);
          o1.mul(dt)
              .fma(FloatVector.broadcast(F, sum), FloatVector.fromArray(F, y, to + WIDTH))
              .intoArray(y, to + WIDTH);
        }
      }
    }
  }
}
