package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import java.lang.foreign.MemorySegment;

/** Copies of single rows between buffers. */
final class MemoryRows {
  private MemoryRows() {}

  /** Copies row {@code fromRow} of {@code from} to row {@code toRow} of {@code to}. */
  static void copy(Floats from, long fromRow, Floats to, long toRow, int width) {
    long bytes = (long) width * Float.BYTES;
    MemorySegment.copy(from.segment(), fromRow * bytes, to.segment(), toRow * bytes, bytes);
  }
}
