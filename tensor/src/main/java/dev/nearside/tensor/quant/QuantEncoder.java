package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** How float32 values become the blocks of one tensor type, rounded as ggml's reference does. */
public interface QuantEncoder {
  TensorType type();

  /**
   * Encodes {@code blocks} blocks of values from {@code src[srcOffset …]} to {@code dstOffset}
   * bytes of {@code dst}.
   */
  void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int blocks);
}
