package dev.nearside.tensor.kernel.machine;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.kernel.Activations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Activations where routines read them: the float32 rows, and the same rows as {@link TokenBlock}s.
 * Rows are contiguous; a row's last {@code cols % 32} values have no block.
 */
final class NativeActivations implements Activations {
  private final int maxTokens;
  private final int maxCols;
  private final MemorySegment values;
  private final MemorySegment blocks;
  private int tokens;
  private int cols;

  NativeActivations(int maxTokens, int maxCols, Arena arena) {
    long room = (long) maxTokens * maxCols;
    if (maxTokens < 1 || maxCols < 1 || room > Integer.MAX_VALUE - 64) {
      throw new TensorException(
          Fault.of("activations of this shape can't be held")
              .got(maxTokens + " tokens of " + maxCols + " values")
              .expected("1 to " + Integer.MAX_VALUE + " values in all"));
    }
    this.maxTokens = maxTokens;
    this.maxCols = maxCols;
    values = arena.allocate(room * Float.BYTES, 64);
    blocks = arena.allocate(Math.max(1, room / TokenBlock.COLS * TokenBlock.BYTES), 64);
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** Blocks of a row. */
  int blocks() {
    return cols / TokenBlock.COLS;
  }

  /** Bytes of a row of values. */
  long valueRowBytes() {
    return (long) cols * Float.BYTES;
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

  /** Says which rows will be filled. */
  void shape(int newTokens, int newCols) {
    if (newTokens < 0 || newTokens > maxTokens || newCols < 1 || newCols > maxCols) {
      throw new TensorException(
          Fault.of("activations don't fit their buffer")
              .got(newTokens + " tokens of " + newCols + " values")
              .expected("at most " + maxTokens + " of " + maxCols));
    }
    tokens = newTokens;
    cols = newCols;
  }

  /** Copies row {@code row} of {@code from} to row {@code to} of this, which has its shape. */
  void copyRow(NativeActivations from, int row, int to) {
    long bytes = valueRowBytes();
    MemorySegment.copy(from.values, row * bytes, values, to * bytes, bytes);
    long coded = blockRowBytes();
    MemorySegment.copy(from.blocks, row * coded, blocks, to * coded, coded);
  }
}
