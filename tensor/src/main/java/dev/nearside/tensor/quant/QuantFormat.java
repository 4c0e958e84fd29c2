package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** How the blocks of one tensor type become float32 values. */
public interface QuantFormat {
  TensorType type();

  /**
   * Decodes {@code blocks} blocks at {@code srcOffset} bytes of {@code src} into {@code
   * dst[dstOffset …]}. Any bytes decode; a scale that is not finite gives values that are not.
   *
   * @throws dev.nearside.tensor.TensorException when a range runs out of {@code src} or {@code dst}
   */
  void decode(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int blocks);
}
