package dev.nearside.format;

import java.lang.foreign.MemorySegment;

/** Takes a tensor's bytes, piece by piece. */
@FunctionalInterface
public interface TensorSink {
  /**
   * Appends all bytes of {@code piece}; it may be reused after the call.
   *
   * @throws FormatException when the file can't be written, or the tensor has no room for them
   */
  void write(MemorySegment piece);
}
