package dev.nearside.tensor.kernel;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A weight matrix in the layout that one kernel provider computes on. Only the provider that packed
 * it can read it.
 */
public interface PackedWeights {
  /** Version of all packed layouts; {@link Kernels#layout} begins with it. */
  String VERSION = "packed-3";

  /** The type of the weights that were packed: it decides the arithmetic. */
  TensorType type();

  /** Output features. */
  int rows();

  /** Input features. */
  int cols();

  /** Bytes of the packed copy; 0 when the original is used in place. */
  default long bytes() {
    return memory().map(MemorySegment::byteSize).orElse(0L);
  }

  /**
   * The packed copy, which {@link Kernels#adopt} takes back in a later run; empty when the original
   * is used in place.
   */
  default Optional<MemorySegment> memory() {
    return Optional.empty();
  }
}
