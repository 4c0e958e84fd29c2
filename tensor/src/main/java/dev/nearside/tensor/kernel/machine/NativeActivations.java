package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.BoundedActivations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Activations where routines read them: the float32 rows, and the same rows as {@link TokenBlock}s.
 * Rows are contiguous.
 */
final class NativeActivations extends BoundedActivations {
  private final MemorySegment values;
  private final MemorySegment blocks;

  NativeActivations(int maxTokens, int maxCols, Arena arena) {
    super(maxTokens, maxCols);
    long room = (long) maxTokens * maxCols;
    values = arena.allocate(room * Float.BYTES, 64);
    blocks = arena.allocate(Math.max(1, room / TokenBlock.COLS * TokenBlock.BYTES), 64);
  }

  /** Bytes of a row of values. */
  long valueRowBytes() {
    return (long) cols() * Float.BYTES;
  }

  /** Bytes of a row of blocks. */
  long blockRowBytes() {
    return (long) blocks() * TokenBlock.BYTES;
  }

  /** The values {@code (tokens, cols)}. */
  MemorySegment values() {
    return values;
  }

  /** Where a token's values begin. */
  long valuesOf(int token) {
    return values.address() + token * valueRowBytes();
  }

  /** Where a token's blocks begin. */
  long blocksOf(int token) {
    return blocks.address() + token * blockRowBytes();
  }

  /** Copies row {@code row} of {@code from} to row {@code to} of this, which has its shape. */
  void copyRow(NativeActivations from, int row, int to) {
    long bytes = valueRowBytes();
    MemorySegment.copy(from.values, row * bytes, values, to * bytes, bytes);
    long coded = blockRowBytes();
    MemorySegment.copy(from.blocks, row * coded, blocks, to * coded, coded);
  }
}
