package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * The key and value storage of one layer: a pool of blocks of {@link #BLOCK} positions, and in a
 * block head after head. The keys of a head are {@code (headDim, BLOCK)}: positions are contiguous,
 * because they are the lanes of a score; its values are {@code (BLOCK, headDim)}: dimensions are
 * contiguous.
 *
 * <p>In Q8_0 these are signed bytes, followed by a scale in f16 for each 32 dimensions of a
 * position: {@code (headDim / 32, BLOCK)} scales of keys, {@code (BLOCK, headDim / 32)} of values.
 *
 * @param keys {@code blocks * BLOCK * kvHeads * headDim} elements of {@code type}
 * @param values the same
 * @param type F16, Q8_0 (only if 32 divides {@code headDim}), or F32 in the reference mode of tests
 *     and while an encoder computes
 * @param kvHeads heads of keys and values
 * @param headDim elements of a head
 */
public record KvLayer(
    MemorySegment keys, MemorySegment values, TensorType type, int kvHeads, int headDim) {
  /** Positions in a block: also the tile in which attention is defined. */
  public static final int BLOCK = 64;

  /** Bytes of one block of keys (or of values). */
  public long blockBytes() {
    return kvHeads * headBytes();
  }

  /** Where the keys (and the values) of a head begin in a block, in bytes. */
  public long headAt(int block, int kvHead) {
    return ((long) block * kvHeads + kvHead) * headBytes();
  }

  private long headBytes() {
    return type.bytes((long) BLOCK * headDim);
  }

  /** Whether heads of {@code headDim} elements can be kept as {@code type}. */
  public static boolean canHold(TensorType type, int headDim) {
    return type == TensorType.F16
        || type == TensorType.F32
        || (type == TensorType.Q8_0 && headDim % SpecKv.GROUP == 0);
  }
}
