package dev.nearside.tensor.quant;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What all formats share: range checks, and a small array through which blocks pass. A format only
 * writes {@link #decodeBlock}, on plain arrays: these loops stay fast whatever kind of segment the
 * blocks come from.
 */
abstract class BlockFormat implements QuantFormat {
  /** Bytes that pass at once: well inside the first-level cache. */
  private static final int CHUNK_BYTES = 8192;

  private final TensorType type;

  BlockFormat(TensorType type) {
    this.type = type;
  }

  @Override
  public final TensorType type() {
    return type;
  }

  @Override
  public final void decode(
      MemorySegment src, long srcOffset, float[] dst, int dstOffset, int blocks) {
    checkRange(src, srcOffset, dst, dstOffset, blocks);
    int chunkBlocks = chunkBlocks(blocks);
    byte[] chunk = new byte[chunkBlocks * type.blockBytes()];
    int to = dstOffset;
    long from = srcOffset;
    for (int left = blocks; left > 0; left -= chunkBlocks) {
      int count = Math.min(left, chunkBlocks);
      int bytes = count * type.blockBytes();
      MemorySegment.copy(src, ValueLayout.JAVA_BYTE, from, chunk, 0, bytes);
      decodeChunk(chunk, dst, to, count);
      from += bytes;
      to += count * type.blockElems();
    }
  }

  /** Decodes the block at {@code b[at …]} into {@code y[to …]}. */
  abstract void decodeBlock(byte[] b, int at, float[] y, int to);

  /** Decodes the {@code count} blocks of {@code b}; plain types override it with one loop. */
  void decodeChunk(byte[] b, float[] y, int to, int count) {
    int blockBytes = type.blockBytes();
    int blockElems = type.blockElems();
    for (int i = 0; i < count; i++) {
      decodeBlock(b, i * blockBytes, y, to + i * blockElems);
    }
  }

  /**
   * Turns the random bytes of a block into a valid block of random weights: their mean over many
   * blocks is about 0, their deviation proportional to {@code d > 0}. See {@link RandomBlocks}.
   *
   * @param dice 64 more random bits
   */
  abstract void shapeRandom(byte[] b, int at, float d, long dice);

  final int chunkBlocks(int blocks) {
    return Math.min(blocks, CHUNK_BYTES / type.blockBytes());
  }

  final void checkRange(
      MemorySegment segment, long offset, float[] values, int valuesOffset, int blocks) {
    if (blocks < 0 || offset < 0 || valuesOffset < 0) {
      throw new TensorException(
          Fault.of("negative range of " + type + " blocks")
              .got(blocks + " blocks, byte offset " + offset + ", value offset " + valuesOffset));
    }
    long bytes = (long) blocks * type.blockBytes();
    if (bytes > segment.byteSize() - offset) {
      throw new TensorException(
          Fault.of(type + " blocks run past the end of their memory")
              .got(bytes + " bytes")
              .expected("at most " + (segment.byteSize() - offset))
              .where("byte offset " + offset));
    }
    long elems = (long) blocks * type.blockElems();
    if (elems > values.length - valuesOffset) {
      throw new TensorException(
          Fault.of("values of " + type + " blocks run past the end of their array")
              .got(elems + " values")
              .expected("at most " + (values.length - valuesOffset))
              .where("offset " + valuesOffset));
    }
  }
}
