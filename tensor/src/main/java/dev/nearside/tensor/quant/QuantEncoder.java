package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** How float32 values become the blocks of one tensor type, rounded as ggml's reference does. */
public interface QuantEncoder {
  TensorType type();

  /**
   * Encodes {@code blocks} blocks of values from {@code src[srcOffset …]} to {@code dstOffset}
   * bytes of {@code dst}: byte for byte what ggml's reference quantiser writes on x86-64, for
   * values that are not finite too.
   *
   * @throws dev.nearside.tensor.TensorException when a range runs out of {@code src} or {@code dst}
   */
  void encode(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int blocks);
}
