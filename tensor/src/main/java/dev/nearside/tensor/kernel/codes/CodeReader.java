package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Reads the integer codes and scales of one format's blocks, and writes them back. Stateless. */
public interface CodeReader {
  TensorType type();

  /** Elements that share a scale: 32 or 16. */
  int group();

  /** Whether elements are {@code code * scale + offset} rather than {@code code * scale}. */
  boolean hasOffset();

  /** The codes that nibbles choose from; empty where nibbles are codes, or there are none. */
  default Optional<byte[]> values() {
    return Optional.empty();
  }

  /** Smallest code that {@link #readCodes} can give. */
  int minCode();

  /** Largest code that {@link #readCodes} can give. */
  int maxCode();

  /** Reads the scales and offsets of the block at {@code at} bytes of {@code source}. */
  void readScales(MemorySegment source, long at, CodeBlock into);

  /** Reads the codes of the block at {@code at} bytes of {@code source}. */
  void readCodes(MemorySegment source, long at, CodeBlock into);

  /** Reads a whole block. */
  default void read(MemorySegment source, long at, CodeBlock into) {
    readScales(source, at, into);
    readCodes(source, at, into);
  }

  /**
   * Writes a block, every byte of it: the one that {@link #read} made {@code from} of, bit for bit.
   * Two things are lost on the way: the sign of a zero of MXFP4, and which NaN a scale was.
   */
  void write(CodeBlock from, MemorySegment into, long at);
}
