package dev.nearside.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Integer dots of one activation vector with a panel of rows, for a single token: codes are masked
 * where they stand, converted and multiplied by activation codes that carry the opposite power of
 * two, so that no code is shifted. Every sum is an integer below 2²⁴, hence exact in any order.
 *
 * <p>Each method takes the panel's codes at {@code from} and the scaled activation codes, and
 * writes one dot per row for each group, {@code dots[group * ROWS + row]}. {@code zeros} holds, per
 * group, what stored codes were lowered by times the sum of the true activation codes; never minus
 * zero.
 */
final class CodeDots {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;
  private static final long ROW_BYTES = 4L * ROWS;
  private static final long HALF_ROW = 4L * WIDTH;

  /** The bits of a word that hold no whole code. */
  private static final int TOP = 0xC000_0000;

  private CodeDots() {}

  /**
   * {@link CodeLayout#NIBBLES}.
   *
   * @param words words of a group: 4 for groups of 32, 2 for groups of 16
   */
  static void nibbles(
      MemorySegment w,
      long from,
      int groups,
      int words,
      float[] codes,
      float[] zeros,
      float[] dots) {
    long at = from;
    int to = 0;
    int k = 0;
    for (int group = 0; group < groups; group++) {
      FloatVector t0 = FloatVector.broadcast(F, zeros[group]);
      FloatVector t1 = t0;
      FloatVector u0 = FloatVector.zero(F);
      FloatVector u1 = u0;
      FloatVector x;
      for (int word = 0; word < words; word++) {
        IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
        IntVector v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
        at += ROW_BYTES;
        x = FloatVector.broadcast(F, codes[k]);
        t0 = ((FloatVector) v0.and(0xF).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xF).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 1]);
        u0 = ((FloatVector) v0.and(0xF0).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xF0).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 2]);
        t0 = ((FloatVector) v0.and(0xF00).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xF00).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 3]);
        u0 = ((FloatVector) v0.and(0xF000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xF000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 4]);
        t0 = ((FloatVector) v0.and(0xF0000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xF0000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 5]);
        u0 = ((FloatVector) v0.and(0xF00000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xF00000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 6]);
        t0 = ((FloatVector) v0.and(0xF000000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xF000000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 7]);
        u0 =
            ((FloatVector) v0.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(x, u0);
        u1 =
            ((FloatVector) v1.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(x, u1);
        k += 8;
      }
      t0.add(u0).intoArray(dots, to);
      t1.add(u1).intoArray(dots, to + WIDTH);
      to += ROWS;
    }
  }

  /** {@link CodeLayout#FIVES}, whose formats have groups of 32. */
  static void fives(
      MemorySegment w, long from, int groups, float[] codes, float[] zeros, float[] dots) {
    long at = from;
    int to = 0;
    int k = 0;
    for (int group = 0; group < groups; group++) {
      FloatVector t0 = FloatVector.broadcast(F, zeros[group]);
      FloatVector t1 = t0;
      FloatVector u0 = FloatVector.zero(F);
      FloatVector u1 = u0;
      IntVector rest0 = IntVector.zero(I);
      IntVector rest1 = rest0;
      FloatVector x;
      for (int word = 0; word < 5; word++) {
        IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
        IntVector v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
        at += ROW_BYTES;
        rest0 = rest0.lanewise(VectorOperators.LSHR, 2).or(v0.and(TOP));
        rest1 = rest1.lanewise(VectorOperators.LSHR, 2).or(v1.and(TOP));
        x = FloatVector.broadcast(F, codes[k]);
        t0 = ((FloatVector) v0.and(0x1F).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x1F).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 1]);
        u0 = ((FloatVector) v0.and(0x3E0).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0x3E0).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 2]);
        t0 = ((FloatVector) v0.and(0x7C00).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x7C00).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 3]);
        u0 = ((FloatVector) v0.and(0xF8000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xF8000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 4]);
        t0 = ((FloatVector) v0.and(0x1F00000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x1F00000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 5]);
        u0 = ((FloatVector) v0.and(0x3E000000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0x3E000000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        k += 6;
      }
      x = FloatVector.broadcast(F, codes[k]);
      t0 =
          ((FloatVector)
                  rest0.lanewise(VectorOperators.LSHR, 22).and(31).convert(VectorOperators.I2F, 0))
              .fma(x, t0);
      t1 =
          ((FloatVector)
                  rest1.lanewise(VectorOperators.LSHR, 22).and(31).convert(VectorOperators.I2F, 0))
              .fma(x, t1);
      x = FloatVector.broadcast(F, codes[k + 1]);
      k += 2;
      u0 =
          ((FloatVector) rest0.lanewise(VectorOperators.LSHR, 27).convert(VectorOperators.I2F, 0))
              .fma(x, u0);
      u1 =
          ((FloatVector) rest1.lanewise(VectorOperators.LSHR, 27).convert(VectorOperators.I2F, 0))
              .fma(x, u1);
      t0.add(u0).intoArray(dots, to);
      t1.add(u1).intoArray(dots, to + WIDTH);
      to += ROWS;
    }
  }

  /** {@link CodeLayout#SIXES}, whose format has groups of 16. */
  static void sixes(
      MemorySegment w, long from, int groups, float[] codes, float[] zeros, float[] dots) {
    long at = from;
    int to = 0;
    int k = 0;
    for (int group = 0; group < groups; group++) {
      FloatVector t0 = FloatVector.broadcast(F, zeros[group]);
      FloatVector t1 = t0;
      FloatVector u0 = FloatVector.zero(F);
      FloatVector u1 = u0;
      IntVector rest0 = IntVector.zero(I);
      IntVector rest1 = rest0;
      FloatVector x;
      for (int word = 0; word < 3; word++) {
        IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
        IntVector v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
        at += ROW_BYTES;
        rest0 = rest0.lanewise(VectorOperators.LSHR, 2).or(v0.and(TOP));
        rest1 = rest1.lanewise(VectorOperators.LSHR, 2).or(v1.and(TOP));
        x = FloatVector.broadcast(F, codes[k]);
        t0 = ((FloatVector) v0.and(0x3F).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x3F).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 1]);
        u0 = ((FloatVector) v0.and(0xFC0).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xFC0).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 2]);
        t0 = ((FloatVector) v0.and(0x3F000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x3F000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 3]);
        u0 = ((FloatVector) v0.and(0xFC0000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) v1.and(0xFC0000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 4]);
        t0 = ((FloatVector) v0.and(0x3F000000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0x3F000000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        k += 5;
      }
      x = FloatVector.broadcast(F, codes[k]);
      k++;
      u0 =
          ((FloatVector) rest0.lanewise(VectorOperators.LSHR, 26).convert(VectorOperators.I2F, 0))
              .fma(x, u0);
      u1 =
          ((FloatVector) rest1.lanewise(VectorOperators.LSHR, 26).convert(VectorOperators.I2F, 0))
              .fma(x, u1);
      t0.add(u0).intoArray(dots, to);
      t1.add(u1).intoArray(dots, to + WIDTH);
      to += ROWS;
    }
  }

  /**
   * {@link CodeLayout#BYTES}, whose formats have groups of 32. Unsigned bytes times activation
   * codes stay below 2²⁴ over 16 columns, not over 32: so the two halves of a group are made signed
   * before they are added.
   *
   * @param sums of the true activation codes, per 16 columns
   * @param zero what stored codes were lowered by
   */
  static void bytes(
      MemorySegment w,
      long from,
      int groups,
      float[] codes,
      float[] sums,
      float zero,
      float[] dots) {
    long at = from;
    int to = 0;
    for (int group = 0; group < groups; group++) {
      FloatVector t0 = FloatVector.zero(F);
      FloatVector t1 = t0;
      FloatVector u0 = t0;
      FloatVector u1 = t0;
      int k = group * 32;
      FloatVector x;
      for (int word = 0; word < 4; word++) {
        IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
        IntVector v1 = IntVector.fromMemorySegment(I, w, at + HALF_ROW, Lanes.ORDER);
        IntVector z0 = IntVector.fromMemorySegment(I, w, at + 4 * ROW_BYTES, Lanes.ORDER);
        IntVector z1 =
            IntVector.fromMemorySegment(I, w, at + 4 * ROW_BYTES + HALF_ROW, Lanes.ORDER);
        at += ROW_BYTES;
        x = FloatVector.broadcast(F, codes[k]);
        t0 = ((FloatVector) v0.and(0xFF).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xFF).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 16]);
        u0 = ((FloatVector) z0.and(0xFF).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) z1.and(0xFF).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 1]);
        t0 = ((FloatVector) v0.and(0xFF00).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xFF00).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 17]);
        u0 = ((FloatVector) z0.and(0xFF00).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) z1.and(0xFF00).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 2]);
        t0 = ((FloatVector) v0.and(0xFF0000).convert(VectorOperators.I2F, 0)).fma(x, t0);
        t1 = ((FloatVector) v1.and(0xFF0000).convert(VectorOperators.I2F, 0)).fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 18]);
        u0 = ((FloatVector) z0.and(0xFF0000).convert(VectorOperators.I2F, 0)).fma(x, u0);
        u1 = ((FloatVector) z1.and(0xFF0000).convert(VectorOperators.I2F, 0)).fma(x, u1);
        x = FloatVector.broadcast(F, codes[k + 3]);
        t0 =
            ((FloatVector) v0.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
                .fma(x, t0);
        t1 =
            ((FloatVector) v1.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
                .fma(x, t1);
        x = FloatVector.broadcast(F, codes[k + 19]);
        u0 =
            ((FloatVector) z0.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
                .fma(x, u0);
        u1 =
            ((FloatVector) z1.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
                .fma(x, u1);
        k += 4;
      }
      at += 4 * ROW_BYTES;
      float zeroT = zero * sums[2 * group];
      float zeroU = zero * sums[2 * group + 1];
      t0.add(zeroT).add(u0.add(zeroU)).intoArray(dots, to);
      t1.add(zeroT).add(u1.add(zeroU)).intoArray(dots, to + WIDTH);
      to += ROWS;
    }
  }
}
