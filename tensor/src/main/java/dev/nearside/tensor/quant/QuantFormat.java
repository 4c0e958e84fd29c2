package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** How the blocks of one tensor type become float32 values. */
public interface QuantFormat {
  TensorType type();

  /**
   * Decodes {@code blocks} blocks at {@code srcOffset} bytes of {@code src} into {@code
   * dst[dstOffset …]}.
   */
  void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int blocks);
}
