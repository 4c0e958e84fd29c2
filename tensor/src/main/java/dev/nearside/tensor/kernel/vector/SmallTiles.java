package dev.nearside.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A whole panel of packed codes times a few tokens, whose values stand token by token for each
 * column ({@code x[k * TOKENS + t]}). A code is taken out of its word and converted once for all
 * tokens, and never stored: with few tokens that would cost as much as the products.
 *
 * <p>Stored codes are unsigned; what they were lowered by starts a group's sum. Such a sum is at
 * any moment an exact integer: of the columns done it holds the true products, of the others {@code
 * zero · q}, together at most 128 · 4064 · 32 < 2²⁴.
 */
final class SmallTiles {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;
  private static final long ROW_BYTES = 4L * ROWS;
  private static final long HALF_ROW = 4L * WIDTH;

  /** The bits of a word that hold no whole code. */
  private static final int TOP = 0xC000_0000;

  private SmallTiles() {}

  /**
   * How a panel's codes are read.
   *
   * @param groups groups of columns
   * @param group columns that share a scale: 32 or 16
   * @param words words of a group
   * @param perWord codes in a word
   * @param bits bits of a code
   * @param extra codes in what is left over of the words
   * @param restShift where these begin, when all left over bits stand at the top
   * @param zero what stored codes were lowered by
   */
  record Input(
      int groups,
      int group,
      int words,
      int perWord,
      int bits,
      int extra,
      int restShift,
      float zero,
      boolean hasOffset) {
    static Input of(VectorWeights.Codes w) {
      int bits = w.layout().words;
      int perWord = 32 / bits;
      int words = w.layout().words * w.group() / 32;
      return new Input(
          w.cols() / w.group(),
          w.group(),
          words,
          perWord,
          bits,
          w.group() - words * perWord,
          (32 - 2 * words) & 31,
          w.zero(),
          w.scales().hasOffset());
    }
  }

  /** 8 tokens, 16 accumulators. */
  static void codes8(
      Input in,
      MemorySegment w,
      long from,
      float[] scales,
      float[] offsets,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int words = in.words;
    int bits = in.bits;
    int group = in.group;
    float zero = in.zero;
    IntVector mask = IntVector.broadcast(I, (1 << bits) - 1);
    long at = from;
    int c = xAt;
    for (int g = 0; g < in.groups; g++) {
      int sum = sumsAt + g * (group / 16) * 8;
      int next = group == 32 ? sum + 8 : sum;
      float part = group == 32 ? zero : 0f; // of the group's second sixteen
      FloatVector a0v0 = FloatVector.broadcast(F, zero * sums[sum] + part * sums[next] + 0f);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 =
          FloatVector.broadcast(F, zero * sums[sum + 1] + part * sums[next + 1] + 0f);
      FloatVector a1v1 = a1v0;
      FloatVector a2v0 =
          FloatVector.broadcast(F, zero * sums[sum + 2] + part * sums[next + 2] + 0f);
      FloatVector a2v1 = a2v0;
      FloatVector a3v0 =
          FloatVector.broadcast(F, zero * sums[sum + 3] + part * sums[next + 3] + 0f);
      FloatVector a3v1 = a3v0;
      FloatVector a4v0 =
          FloatVector.broadcast(F, zero * sums[sum + 4] + part * sums[next + 4] + 0f);
      FloatVector a4v1 = a4v0;
      FloatVector a5v0 =
          FloatVector.broadcast(F, zero * sums[sum + 5] + part * sums[next + 5] + 0f);
      FloatVector a5v1 = a5v0;
      FloatVector a6v0 =
          FloatVector.broadcast(F, zero * sums[sum + 6] + part * sums[next + 6] + 0f);
      FloatVector a6v1 = a6v0;
      FloatVector a7v0 =
          FloatVector.broadcast(F, zero * sums[sum + 7] + part * sums[next + 7] + 0f);
      FloatVector a7v1 = a7v0;
      IntVector rest0 = IntVector.zero(I);
      IntVector rest1 = rest0;
      for (int word = 0; word <= words; word++) {
        IntVector v0;
        IntVector v1;
        int count;
        if (word < words) {
          v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
          v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
          rest0 = rest0.lanewise(VectorOperators.LSHR, 2).or(v0.and(TOP));
          rest1 = rest1.lanewise(VectorOperators.LSHR, 2).or(v1.and(TOP));
          at += ROW_BYTES;
          count = in.perWord;
        } else {
          v0 = rest0.lanewise(VectorOperators.LSHR, in.restShift);
          v1 = rest1.lanewise(VectorOperators.LSHR, in.restShift);
          count = in.extra;
        }
        for (int j = 0; j < count; j++) {
          FloatVector w0 = (FloatVector) v0.and(mask).convert(VectorOperators.I2F, 0);
          FloatVector w1 = (FloatVector) v1.and(mask).convert(VectorOperators.I2F, 0);
          v0 = v0.lanewise(VectorOperators.LSHR, bits);
          v1 = v1.lanewise(VectorOperators.LSHR, bits);
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
          c += 8;
        }
      }
      int scale = g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, scale);
      FloatVector s1 = FloatVector.fromArray(F, scales, scale + WIDTH);
      int dg = dAt + g * group / 32 * 8;
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
      if (in.hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, scale);
        FloatVector o1 = FloatVector.fromArray(F, offsets, scale + WIDTH);
        for (int t = 0; t < 8; t++) {
          float both = group == 32 ? sums[sum + t] + sums[next + t] : sums[sum + t];
          FloatVector b = FloatVector.broadcast(F, both);
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt).fma(b, FloatVector.fromArray(F, y, to)).intoArray(y, to);
          o1.mul(dt).fma(b, FloatVector.fromArray(F, y, to + WIDTH)).intoArray(y, to + WIDTH);
        }
      }
    }
  }

  /** 4 tokens, 8 accumulators. */
  static void codes4(
      Input in,
      MemorySegment w,
      long from,
      float[] scales,
      float[] offsets,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int words = in.words;
    int bits = in.bits;
    int group = in.group;
    float zero = in.zero;
    IntVector mask = IntVector.broadcast(I, (1 << bits) - 1);
    long at = from;
    int c = xAt;
    for (int g = 0; g < in.groups; g++) {
      int sum = sumsAt + g * (group / 16) * 4;
      int next = group == 32 ? sum + 4 : sum;
      float part = group == 32 ? zero : 0f; // of the group's second sixteen
      FloatVector a0v0 = FloatVector.broadcast(F, zero * sums[sum] + part * sums[next] + 0f);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 =
          FloatVector.broadcast(F, zero * sums[sum + 1] + part * sums[next + 1] + 0f);
      FloatVector a1v1 = a1v0;
      FloatVector a2v0 =
          FloatVector.broadcast(F, zero * sums[sum + 2] + part * sums[next + 2] + 0f);
      FloatVector a2v1 = a2v0;
      FloatVector a3v0 =
          FloatVector.broadcast(F, zero * sums[sum + 3] + part * sums[next + 3] + 0f);
      FloatVector a3v1 = a3v0;
      IntVector rest0 = IntVector.zero(I);
      IntVector rest1 = rest0;
      for (int word = 0; word <= words; word++) {
        IntVector v0;
        IntVector v1;
        int count;
        if (word < words) {
          v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
          v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
          rest0 = rest0.lanewise(VectorOperators.LSHR, 2).or(v0.and(TOP));
          rest1 = rest1.lanewise(VectorOperators.LSHR, 2).or(v1.and(TOP));
          at += ROW_BYTES;
          count = in.perWord;
        } else {
          v0 = rest0.lanewise(VectorOperators.LSHR, in.restShift);
          v1 = rest1.lanewise(VectorOperators.LSHR, in.restShift);
          count = in.extra;
        }
        for (int j = 0; j < count; j++) {
          FloatVector w0 = (FloatVector) v0.and(mask).convert(VectorOperators.I2F, 0);
          FloatVector w1 = (FloatVector) v1.and(mask).convert(VectorOperators.I2F, 0);
          v0 = v0.lanewise(VectorOperators.LSHR, bits);
          v1 = v1.lanewise(VectorOperators.LSHR, bits);
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
          c += 4;
        }
      }
      int scale = g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, scale);
      FloatVector s1 = FloatVector.fromArray(F, scales, scale + WIDTH);
      int dg = dAt + g * group / 32 * 4;
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
      if (in.hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, scale);
        FloatVector o1 = FloatVector.fromArray(F, offsets, scale + WIDTH);
        for (int t = 0; t < 4; t++) {
          float both = group == 32 ? sums[sum + t] + sums[next + t] : sums[sum + t];
          FloatVector b = FloatVector.broadcast(F, both);
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt).fma(b, FloatVector.fromArray(F, y, to)).intoArray(y, to);
          o1.mul(dt).fma(b, FloatVector.fromArray(F, y, to + WIDTH)).intoArray(y, to + WIDTH);
        }
      }
    }
  }

  /** 2 tokens, 4 accumulators. */
  static void codes2(
      Input in,
      MemorySegment w,
      long from,
      float[] scales,
      float[] offsets,
      float[] x,
      int xAt,
      float[] d,
      int dAt,
      float[] sums,
      int sumsAt,
      float[] y,
      int yAt) {
    int words = in.words;
    int bits = in.bits;
    int group = in.group;
    float zero = in.zero;
    IntVector mask = IntVector.broadcast(I, (1 << bits) - 1);
    long at = from;
    int c = xAt;
    for (int g = 0; g < in.groups; g++) {
      int sum = sumsAt + g * (group / 16) * 2;
      int next = group == 32 ? sum + 2 : sum;
      float part = group == 32 ? zero : 0f; // of the group's second sixteen
      FloatVector a0v0 = FloatVector.broadcast(F, zero * sums[sum] + part * sums[next] + 0f);
      FloatVector a0v1 = a0v0;
      FloatVector a1v0 =
          FloatVector.broadcast(F, zero * sums[sum + 1] + part * sums[next + 1] + 0f);
      FloatVector a1v1 = a1v0;
      IntVector rest0 = IntVector.zero(I);
      IntVector rest1 = rest0;
      for (int word = 0; word <= words; word++) {
        IntVector v0;
        IntVector v1;
        int count;
        if (word < words) {
          v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
          v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
          rest0 = rest0.lanewise(VectorOperators.LSHR, 2).or(v0.and(TOP));
          rest1 = rest1.lanewise(VectorOperators.LSHR, 2).or(v1.and(TOP));
          at += ROW_BYTES;
          count = in.perWord;
        } else {
          v0 = rest0.lanewise(VectorOperators.LSHR, in.restShift);
          v1 = rest1.lanewise(VectorOperators.LSHR, in.restShift);
          count = in.extra;
        }
        for (int j = 0; j < count; j++) {
          FloatVector w0 = (FloatVector) v0.and(mask).convert(VectorOperators.I2F, 0);
          FloatVector w1 = (FloatVector) v1.and(mask).convert(VectorOperators.I2F, 0);
          v0 = v0.lanewise(VectorOperators.LSHR, bits);
          v1 = v1.lanewise(VectorOperators.LSHR, bits);
          FloatVector b;
          b = FloatVector.broadcast(F, x[c]);
          a0v0 = w0.fma(b, a0v0);
          a0v1 = w1.fma(b, a0v1);
          b = FloatVector.broadcast(F, x[c + 1]);
          a1v0 = w0.fma(b, a1v0);
          a1v1 = w1.fma(b, a1v1);
          c += 2;
        }
      }
      int scale = g * ROWS;
      FloatVector s0 = FloatVector.fromArray(F, scales, scale);
      FloatVector s1 = FloatVector.fromArray(F, scales, scale + WIDTH);
      int dg = dAt + g * group / 32 * 2;
      a0v0.fma(s0.mul(d[dg]), FloatVector.fromArray(F, y, yAt)).intoArray(y, yAt);
      a0v1.fma(s1.mul(d[dg]), FloatVector.fromArray(F, y, yAt + WIDTH)).intoArray(y, yAt + WIDTH);
      a1v0.fma(s0.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS)).intoArray(y, yAt + ROWS);
      a1v1.fma(s1.mul(d[dg + 1]), FloatVector.fromArray(F, y, yAt + ROWS + WIDTH))
          .intoArray(y, yAt + ROWS + WIDTH);
      if (in.hasOffset) {
        FloatVector o0 = FloatVector.fromArray(F, offsets, scale);
        FloatVector o1 = FloatVector.fromArray(F, offsets, scale + WIDTH);
        for (int t = 0; t < 2; t++) {
          float both = group == 32 ? sums[sum + t] + sums[next + t] : sums[sum + t];
          FloatVector b = FloatVector.broadcast(F, both);
          float dt = d[dg + t];
          int to = yAt + t * ROWS;
          o0.mul(dt).fma(b, FloatVector.fromArray(F, y, to)).intoArray(y, to);
          o1.mul(dt).fma(b, FloatVector.fromArray(F, y, to + WIDTH)).intoArray(y, to + WIDTH);
        }
      }
    }
  }
}
