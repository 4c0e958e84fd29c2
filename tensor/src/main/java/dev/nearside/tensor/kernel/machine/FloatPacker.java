package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Turns rows of floats into panels, column by column. */
final class FloatPacker {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int ROWS = PanelFormat.ROWS;

  private FloatPacker() {}

  /**
   * Packs.
   *
   * @param into {@code panels(rows) * panelBytes(cols)} bytes of zeros
   */
  static void pack(
      TensorType type,
      MemorySegment source,
      int rows,
      int cols,
      MemorySegment into,
      Workers workers) {
    long panelBytes = FloatRoutine.panelBytes(type, cols);
    workers.run(
        PanelFormat.panels(rows),
        1,
        (from, to, thread) -> {
          for (int row = from * ROWS; row < Math.min(to * ROWS, rows); row++) {
            long target = row / ROWS * panelBytes;
            row(type, source, row * type.bytes(cols), cols, into, target, row % ROWS);
          }
        });
  }

  private static void row(
      TensorType type,
      MemorySegment source,
      long at,
      int cols,
      MemorySegment into,
      long panel,
      int lane) {
    if (FloatRoutine.elementBytes(type) == Integer.BYTES) {
      for (int k = 0; k < cols; k++) {
        into.set(INT, panel + 4L * (k * ROWS + lane), source.get(INT, at + 4L * k));
      }
    } else {
      for (int k = 0; k < cols; k++) {
        into.set(SHORT, panel + 2L * (k * ROWS + lane), source.get(SHORT, at + 2L * k));
      }
    }
  }
}
