package dev.nearside.format;

import java.lang.foreign.MemorySegment;

/**
 * Where a written tensor's data comes from. It is asked once, when its place in the file is
 * reached, so that a model larger than memory can be written.
 */
@FunctionalInterface
public interface TensorSource {
  /** Writes exactly the tensor's bytes to {@code sink}, in pieces of any size. */
  void writeTo(TensorSink sink);

  /** Data that is already there. */
  static TensorSource of(MemorySegment bytes) {
    return sink -> sink.write(bytes);
  }
}
