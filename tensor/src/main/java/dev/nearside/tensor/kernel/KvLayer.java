package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * The key and value storage of one layer: a pool of blocks of {@link #BLOCK} positions. A block of
 * keys is {@code (kvHeads, headDim, BLOCK)}: positions are contiguous, because they are the lanes
 * of a score; a block of values is {@code (kvHeads, BLOCK, headDim)}: dimensions are contiguous.
 *
 * @param keys {@code blocks * BLOCK * kvHeads * headDim} elements of {@code type}
 * @param values the same
 * @param type F16, or F32 in the reference mode of tests
 * @param kvHeads heads of keys and values
 * @param headDim elements of a head
 */
public record KvLayer(
    MemorySegment keys, MemorySegment values, TensorType type, int kvHeads, int headDim) {
  /** Positions in a block: also the tile in which attention is defined. */
  public static final int BLOCK = 64;

  /** Bytes of one block of keys (or of values). */
  public long blockBytes() {
    return type.bytes((long) BLOCK * kvHeads * headDim);
  }
}
