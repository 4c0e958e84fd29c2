package dev.nearside.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Decodes a panel's scales to float32: entry {@code g * ROWS + r} is the scale of group {@code g}
 * in row {@code r}. Halves are decoded by moving their bits and one exact multiplication; infinite
 * ones were refused when the weights were packed.
 */
final class PanelScales {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final VectorSpecies<Short> S = Lanes.SHORTS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;

  /** Moves the exponent of a half, read as the top of a float, to where a float's is. */
  static final float HALF_FACTOR = 0x1p112f;

  static final int HALF_MASK = 0x8FFF_E000;

  private PanelScales() {}

  /** Fills {@code scales} and, if there are any, {@code offsets} for a whole panel. */
  static void decode(VectorWeights.Codes w, int panel, float[] scales, float[] offsets) {
    long at = w.scalesAt(panel);
    boolean hasOffset = w.scales().hasOffset();
    switch (w.scales().kind()) {
      case HALF -> halves(w.data(), at, w.cols() / 32, hasOffset, scales, offsets);
      case SINGLE ->
          MemorySegment.copy(
              w.data(), dev.nearside.tensor.Floats.LAYOUT, at, scales, 0, w.cols() / 32 * ROWS);
      case SUPER -> supers(w.data(), at, w.cols() / 256, w.group(), hasOffset, scales, offsets);
    }
  }

  private static void halves(
      MemorySegment data, long at, int blocks, boolean hasOffset, float[] scales, float[] offsets) {
    long step = hasOffset ? 4L * ROWS : 2L * ROWS;
    for (int i = 0; i < blocks * 2; i++) {
      long from = at + (i >> 1) * step + (i & 1) * 2L * WIDTH;
      IntVector bits =
          (IntVector)
              ShortVector.fromMemorySegment(S, data, from, Lanes.ORDER)
                  .convertShape(VectorOperators.S2I, I, 0);
      bits.lanewise(VectorOperators.LSHL, 13)
          .and(HALF_MASK)
          .reinterpretAsFloats()
          .mul(HALF_FACTOR)
          .intoArray(scales, i * WIDTH);
    }
    if (hasOffset) {
      for (int i = 0; i < blocks * 2; i++) {
        long from = at + 2L * ROWS + (i >> 1) * step + (i & 1) * 2L * WIDTH;
        IntVector bits =
            (IntVector)
                ShortVector.fromMemorySegment(S, data, from, Lanes.ORDER)
                    .convertShape(VectorOperators.S2I, I, 0);
        bits.lanewise(VectorOperators.LSHL, 13)
            .and(HALF_MASK)
            .reinterpretAsFloats()
            .mul(HALF_FACTOR)
            .intoArray(offsets, i * WIDTH);
      }
    }
  }

  private static void supers(
      MemorySegment data,
      long at,
      int blocks,
      int group,
      boolean hasOffset,
      float[] scales,
      float[] offsets) {
    int groups = 256 / group;
    long next = at;
    for (int b = 0; b < blocks; b++) {
      long codes = next + (hasOffset ? 8L : 4L) * ROWS;
      int to = b * groups * ROWS;
      for (int half = 0; half < ROWS; half += WIDTH) {
        FloatVector scale = FloatVector.fromMemorySegment(F, data, next + 4L * half, Lanes.ORDER);
        FloatVector other =
            hasOffset
                ? FloatVector.fromMemorySegment(F, data, next + 4L * (ROWS + half), Lanes.ORDER)
                : scale;
        for (int i = 0; i < (hasOffset ? groups : groups / 2); i++) {
          IntVector pair =
              (IntVector)
                  ShortVector.fromMemorySegment(
                          S, data, codes + 2L * (i * ROWS + half), Lanes.ORDER)
                      .convertShape(VectorOperators.S2I, I, 0);
          FloatVector low =
              ((FloatVector)
                      pair.lanewise(VectorOperators.LSHL, 24)
                          .lanewise(VectorOperators.ASHR, 24)
                          .convert(VectorOperators.I2F, 0))
                  .mul(scale);
          FloatVector high =
              ((FloatVector) pair.lanewise(VectorOperators.ASHR, 8).convert(VectorOperators.I2F, 0))
                  .mul(other);
          if (hasOffset) {
            low.intoArray(scales, to + i * ROWS + half);
            high.intoArray(offsets, to + i * ROWS + half);
          } else {
            low.intoArray(scales, to + 2 * i * ROWS + half);
            high.intoArray(scales, to + (2 * i + 1) * ROWS + half);
          }
        }
      }
      next = codes + (long) groups * (hasOffset ? 2 : 1) * ROWS;
    }
  }
}
