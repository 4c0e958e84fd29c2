package dev.nearside.model.layer;

import dev.nearside.tensor.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/** Rows of a matrix, decoded one at a time. Used by one thread. */
@FunctionalInterface
public interface BlockRows {
  /** Writes row {@code row} to the beginning of {@code into}. */
  void decode(int row, float[] into);

  /**
   * Rows of blocks.
   *
   * @param data {@code (rows, cols)} as a model file holds it
   * @param format decoder of {@code data}
   */
  static BlockRows of(MemorySegment data, QuantFormat format, int cols) {
    long rowBytes = format.type().bytes(cols);
    int blocks = cols / format.type().blockElems();
    return (row, into) -> format.decode(data, row * rowBytes, into, 0, blocks);
  }
}
