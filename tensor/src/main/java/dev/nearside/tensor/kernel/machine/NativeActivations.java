package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.BoundedActivations;
import dev.nearside.tensor.kernel.TokenCount;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Activations where routines read them: the float32 rows, and the same rows in codes.
 *
 * <p>Tokens in exact numerics have a row of {@link TokenBlock}s each. Behind these the tokens in
 * fast numerics are in groups, as large as a core's cache keeps while panels pass by: group by
 * group, in a group {@link FastBlock} by block, in a block token by token.
 */
final class NativeActivations extends BoundedActivations {
  /** Tokens of a group at most. */
  static final int MOST_OF_GROUP = 64;

  private static final long GROUP_BYTES = 384 << 10; // of 1 MiB, which panels and results share
  private static final int ALIGNMENT = 64;

  private final MemorySegment values;
  private final MemorySegment blocks;
  private int exact;

  NativeActivations(int maxTokens, int maxCols, Arena arena) {
    super(maxTokens, maxCols);
    long room = (long) maxTokens * maxCols;
    values = arena.allocate(room * Float.BYTES, ALIGNMENT);
    long coded = room / TokenBlock.COLS * TokenBlock.BYTES;
    long padding = (long) maxCols / TokenBlock.COLS * FastRoutine.TURN * FastBlock.BYTES;
    blocks = arena.allocate(coded + padding + ALIGNMENT, ALIGNMENT);
  }

  void shape(TokenCount tokens, int cols) {
    shape(tokens.all(), cols);
    exact = tokens.exact();
  }

  /** Tokens in exact numerics: the first ones. */
  int exact() {
    return exact;
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

  /** Where the blocks of a token in exact numerics begin. */
  long blocksOf(int token) {
    return blocks.address() + token * blockRowBytes();
  }

  /** Tokens of a group in exact numerics; the last group may have fewer. */
  int exactGroup() {
    return group(blockRowBytes(), CodesRoutine.MOST_TOKENS);
  }

  /** Tokens of a group in fast numerics; the last group may have fewer. */
  int fastGroup() {
    return group((long) blocks() * FastBlock.BYTES, FastRoutine.TURN);
  }

  private static int group(long tokenBytes, int multiple) {
    int fit = Math.clamp(GROUP_BYTES / Math.max(1, tokenBytes), 2 * multiple, MOST_OF_GROUP);
    return fit / multiple * multiple;
  }

  /** Where the first block of a token in fast numerics is. */
  long fastBlocksOf(int token) {
    int number = token - exact;
    int of = number % fastGroup();
    long before = (long) (number - of) * blocks() + of;
    long begin = (blocksOf(exact) + ALIGNMENT - 1) & -ALIGNMENT;
    return begin + before * FastBlock.BYTES;
  }

  /** How far the next block of a token in fast numerics is from one. */
  long fastStep(int token) {
    int each = fastGroup();
    int number = token - exact;
    int ofGroup = Math.min(each, tokens() - exact - (number - number % each));
    return (long) FastRoutine.turns(ofGroup) * FastRoutine.TURN * FastBlock.BYTES;
  }

  /** Copies the values of row {@code row} of {@code from}, which is as wide, to row {@code to}. */
  void copyValues(NativeActivations from, int row, int to) {
    long bytes = valueRowBytes();
    MemorySegment.copy(from.values, row * bytes, values, to * bytes, bytes);
  }
}
