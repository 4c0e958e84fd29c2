package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.BoundedActivations;
import dev.nearside.tensor.kernel.TokenCount;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Activations where routines read them: the float32 rows, and the same rows in codes.
 *
 * <p>Tokens in exact numerics have a row of {@link TokenBlock}s each. Behind these the tokens in
 * fast numerics are in {@link TokenGroups}: group by group, in a group {@link FastBlock} by block,
 * in a block token by token.
 */
final class NativeActivations extends BoundedActivations {
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

  /** The tokens in exact numerics. */
  TokenGroups exactGroups() {
    return new TokenGroups(0, exact);
  }

  /** The tokens in fast numerics. */
  TokenGroups fastGroups() {
    return new TokenGroups(exact, tokens());
  }

  /** Where the first block of a token in fast numerics is. */
  long fastBlocksOf(int token) {
    int of = (token - exact) % TokenGroups.EACH;
    long before = (long) (token - exact - of) * blocks() + of;
    long begin = (blocksOf(exact) + ALIGNMENT - 1) & -ALIGNMENT;
    return begin + before * FastBlock.BYTES;
  }

  /** How far the next block of a token in fast numerics is from one. */
  long fastStep(int token) {
    int first = token - (token - exact) % TokenGroups.EACH;
    int ofGroup = Math.min(TokenGroups.EACH, tokens() - first);
    return (long) FastRoutine.turns(ofGroup) * FastRoutine.TURN * FastBlock.BYTES;
  }

  /** Copies the values of row {@code row} of {@code from}, which is as wide, to row {@code to}. */
  void copyValues(NativeActivations from, int row, int to) {
    long bytes = valueRowBytes();
    MemorySegment.copy(from.values, row * bytes, values, to * bytes, bytes);
  }
}
