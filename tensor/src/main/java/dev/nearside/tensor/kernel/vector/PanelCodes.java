package dev.nearside.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Decodes pieces of a panel's codes to float32, column by column: {@code panel[k * ROWS + r]}. Many
 * tokens then share the decoded piece.
 */
final class PanelCodes {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;
  private static final long ROW_BYTES = 4L * ROWS;
  private static final int TOP = 0xC000_0000;

  private PanelCodes() {}

  /** Decodes {@code blocks} blocks of 32 columns from byte {@code at}. */
  static void decode(VectorWeights.Codes w, long at, int blocks, float[] panel) {
    switch (w.layout()) {
      case NIBBLES -> nibbles(w.data(), at, blocks, w.zero(), panel);
      case FIVES -> fives(w.data(), at, blocks, w.zero(), panel);
      case SIXES -> sixes(w.data(), at, blocks, w.zero(), panel);
      case BYTES -> bytes(w.data(), at, blocks, w.zero(), panel);
    }
  }

  private static void nibbles(MemorySegment w, long from, int blocks, float zero, float[] panel) {
    long at = from;
    int to = 0;
    for (int word = 0; word < blocks * 4; word++) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector v = IntVector.fromMemorySegment(I, w, at + 4L * half, Lanes.ORDER);
        ((FloatVector) v.and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 4).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 8).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 2 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 12).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 3 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 16).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 4 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 20).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 5 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 24).and(15).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 6 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 7 * ROWS);
      }
      at += ROW_BYTES;
      to += 8 * ROWS;
    }
  }

  private static void bytes(MemorySegment w, long from, int blocks, float zero, float[] panel) {
    long at = from;
    int to = 0;
    for (int word = 0; word < blocks * 8; word++) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector v = IntVector.fromMemorySegment(I, w, at + 4L * half, Lanes.ORDER);
        ((FloatVector) v.and(255).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 8).and(255).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + ROWS);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHR, 16).and(255).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 2 * ROWS);
        ((FloatVector) v.lanewise(VectorOperators.LSHR, 24).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 3 * ROWS);
      }
      at += ROW_BYTES;
      to += 4 * ROWS;
    }
  }

  private static void fives(MemorySegment w, long from, int blocks, float zero, float[] panel) {
    long at = from;
    int to = 0;
    for (int part = 0; part < blocks; part++) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector rest = IntVector.zero(I);
        for (int word = 0; word < 5; word++) {
          IntVector v =
              IntVector.fromMemorySegment(I, w, at + word * ROW_BYTES + 4L * half, Lanes.ORDER);
          rest = rest.lanewise(VectorOperators.LSHR, 2).or(v.and(TOP));
          int first = to + word * 6 * ROWS + half;
          ((FloatVector) v.and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 5).and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 10).and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 2 * ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 15).and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 3 * ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 20).and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 4 * ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 25).and(31).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 5 * ROWS);
        }
        ((FloatVector)
                rest.lanewise(VectorOperators.LSHR, 22).and(31).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 30 * ROWS);
        ((FloatVector) rest.lanewise(VectorOperators.LSHR, 27).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 31 * ROWS);
      }
      at += 5 * ROW_BYTES;
      to += 32 * ROWS;
    }
  }

  private static void sixes(MemorySegment w, long from, int blocks, float zero, float[] panel) {
    long at = from;
    int to = 0;
    for (int part = 0; part < blocks * 2; part++) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector rest = IntVector.zero(I);
        for (int word = 0; word < 3; word++) {
          IntVector v =
              IntVector.fromMemorySegment(I, w, at + word * ROW_BYTES + 4L * half, Lanes.ORDER);
          rest = rest.lanewise(VectorOperators.LSHR, 2).or(v.and(TOP));
          int first = to + word * 5 * ROWS + half;
          ((FloatVector) v.and(63).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 6).and(63).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 12).and(63).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 2 * ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 18).and(63).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 3 * ROWS);
          ((FloatVector)
                  v.lanewise(VectorOperators.LSHR, 24).and(63).convert(VectorOperators.I2F, 0))
              .add(zero)
              .intoArray(panel, first + 4 * ROWS);
        }
        ((FloatVector) rest.lanewise(VectorOperators.LSHR, 26).convert(VectorOperators.I2F, 0))
            .add(zero)
            .intoArray(panel, to + half + 15 * ROWS);
      }
      at += 3 * ROW_BYTES;
      to += 16 * ROWS;
    }
  }
}
