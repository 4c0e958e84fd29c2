package dev.nearside.tensor.kernel.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** One activation vector times a panel of float rows: {@code y = fma(w, x, y)}, k ascending. */
final class PlainDots {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int ROWS = Lanes.ROWS;

  private PlainDots() {}

  /** F32. */
  static void singles(MemorySegment w, long from, int cols, float[] x, float[] y) {
    FloatVector y0 = FloatVector.zero(F);
    FloatVector y1 = y0;
    long at = from;
    for (int k = 0; k < cols; k++) {
      FloatVector b = FloatVector.broadcast(F, x[k]);
      y0 = FloatVector.fromMemorySegment(F, w, at, Lanes.ORDER).fma(b, y0);
      y1 = FloatVector.fromMemorySegment(F, w, at + 4L * WIDTH, Lanes.ORDER).fma(b, y1);
      at += 4L * ROWS;
    }
    y0.intoArray(y, 0);
    y1.intoArray(y, WIDTH);
  }

  /** BF16, two columns in a word. */
  static void brains(MemorySegment w, long from, int cols, float[] x, float[] y) {
    FloatVector y0 = FloatVector.zero(F);
    FloatVector y1 = y0;
    long at = from;
    for (int k = 0; k < cols; k += 2) {
      IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
      IntVector v1 = IntVector.fromMemorySegment(I, w, at + 4L * WIDTH, Lanes.ORDER);
      FloatVector b = FloatVector.broadcast(F, x[k]);
      y0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(b, y0);
      y1 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(b, y1);
      if (k + 1 < cols) {
        b = FloatVector.broadcast(F, x[k + 1]);
        y0 = v0.and(0xFFFF_0000).reinterpretAsFloats().fma(b, y0);
        y1 = v1.and(0xFFFF_0000).reinterpretAsFloats().fma(b, y1);
      }
      at += 4L * ROWS;
    }
    y0.intoArray(y, 0);
    y1.intoArray(y, WIDTH);
  }

  /** F16, two columns in a word; bits become floats as in {@link PanelScales}. */
  static void halves(MemorySegment w, long from, int cols, float[] x, float[] y) {
    FloatVector y0 = FloatVector.zero(F);
    FloatVector y1 = y0;
    FloatVector factor = FloatVector.broadcast(F, PanelScales.HALF_FACTOR);
    IntVector mask = IntVector.broadcast(I, PanelScales.HALF_MASK);
    long at = from;
    for (int k = 0; k < cols; k += 2) {
      IntVector v0 = IntVector.fromMemorySegment(I, w, at, Lanes.ORDER);
      IntVector v1 = IntVector.fromMemorySegment(I, w, at + 4L * WIDTH, Lanes.ORDER);
      FloatVector b = FloatVector.broadcast(F, x[k]);
      FloatVector w0 =
          v0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(mask)
              .reinterpretAsFloats()
              .mul(factor);
      FloatVector w1 =
          v1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(mask)
              .reinterpretAsFloats()
              .mul(factor);
      y0 = w0.fma(b, y0);
      y1 = w1.fma(b, y1);
      if (k + 1 < cols) {
        b = FloatVector.broadcast(F, x[k + 1]);
        w0 = v0.lanewise(VectorOperators.ASHR, 3).and(mask).reinterpretAsFloats().mul(factor);
        w1 = v1.lanewise(VectorOperators.ASHR, 3).and(mask).reinterpretAsFloats().mul(factor);
        y0 = w0.fma(b, y0);
        y1 = w1.fma(b, y1);
      }
      at += 4L * ROWS;
    }
    y0.intoArray(y, 0);
    y1.intoArray(y, WIDTH);
  }

  /**
   * Decodes columns {@code first …} of a panel to {@code panel[k * ROWS + r]}; {@code first} and,
   * but for the last piece, {@code count} are even.
   */
  static void decode(VectorWeights.Plain w, int index, int first, int count, float[] panel) {
    MemorySegment data = w.data();
    long start = w.at(index);
    switch (w.type()) {
      case F32 ->
          MemorySegment.copy(
              data,
              dev.nearside.tensor.Floats.LAYOUT,
              start + 4L * ROWS * first,
              panel,
              0,
              count * ROWS);
      case BF16 -> decodeBrains(data, start + 2L * ROWS * first, count, panel);
      default -> decodeHalves(data, start + 2L * ROWS * first, count, panel);
    }
  }

  private static void decodeBrains(MemorySegment w, long from, int count, float[] panel) {
    for (int k = 0; k < count; k += 2) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector v =
            IntVector.fromMemorySegment(I, w, from + 2L * ROWS * k + 4L * half, Lanes.ORDER);
        v.lanewise(VectorOperators.LSHL, 16)
            .reinterpretAsFloats()
            .intoArray(panel, k * ROWS + half);
        v.and(0xFFFF_0000).reinterpretAsFloats().intoArray(panel, (k + 1) * ROWS + half);
      }
    }
  }

  private static void decodeHalves(MemorySegment w, long from, int count, float[] panel) {
    for (int k = 0; k < count; k += 2) {
      for (int half = 0; half < ROWS; half += WIDTH) {
        IntVector v =
            IntVector.fromMemorySegment(I, w, from + 2L * ROWS * k + 4L * half, Lanes.ORDER);
        v.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 3)
            .and(PanelScales.HALF_MASK)
            .reinterpretAsFloats()
            .mul(PanelScales.HALF_FACTOR)
            .intoArray(panel, k * ROWS + half);
        v.lanewise(VectorOperators.ASHR, 3)
            .and(PanelScales.HALF_MASK)
            .reinterpretAsFloats()
            .mul(PanelScales.HALF_FACTOR)
            .intoArray(panel, (k + 1) * ROWS + half);
      }
    }
  }
}
