package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A format that can also be written. */
abstract class BlockCodec extends BlockFormat implements QuantEncoder {
  BlockCodec(TensorType type) {
    super(type);
  }

  @Override
  public final void encode(
      float[] src, int srcOffset, MemorySegment dst, long dstOffset, int blocks) {
    checkRange(dst, dstOffset, src, srcOffset, blocks);
    int chunkBlocks = chunkBlocks(blocks);
    byte[] chunk = new byte[chunkBlocks * type().blockBytes()];
    int from = srcOffset;
    long to = dstOffset;
    for (int left = blocks; left > 0; left -= chunkBlocks) {
      int count = Math.min(left, chunkBlocks);
      int bytes = count * type().blockBytes();
      encodeChunk(src, from, chunk, count);
      MemorySegment.copy(chunk, 0, dst, ValueLayout.JAVA_BYTE, to, bytes);
      to += bytes;
      from += count * type().blockElems();
    }
  }

  /** Encodes {@code x[from …]} to the block at {@code b[at …]}, all of whose bytes it writes. */
  abstract void encodeBlock(float[] x, int from, byte[] b, int at);

  /** Encodes {@code count} blocks; plain types override it with one loop. */
  void encodeChunk(float[] x, int from, byte[] b, int count) {
    int blockBytes = type().blockBytes();
    int blockElems = type().blockElems();
    for (int i = 0; i < count; i++) {
      encodeBlock(x, from + i * blockElems, b, i * blockBytes);
    }
  }
}
