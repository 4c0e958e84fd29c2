package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.machine.PanelUnpacker;
import dev.nearside.tensor.kernel.vector.VectorUnpacker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Turns packed weights back into the row-major blocks that they were made of, in plain loops: the
 * CPU need not be the one that they were packed for. A layout is an order of codes and scales, so
 * the blocks are the same bit for bit; the exceptions are those of {@code CodeReader.write}, and
 * whoever relies on it compares.
 */
@FunctionalInterface
public interface Unpacker {
  /**
   * Writes rows {@code from} to {@code from + count} of a matrix.
   *
   * @param packed a {@link PackedWeights#memory}, {@code (rows, cols)}
   * @param into {@code type.bytes(count * cols)} bytes
   * @throws dev.nearside.tensor.TensorException when {@code packed} can't be that
   */
  void unpack(
      TensorType type,
      int rows,
      int cols,
      MemorySegment packed,
      int from,
      int count,
      MemorySegment into);

  /**
   * @throws TensorException when packed weights have not this size
   */
  static void checkSize(TensorType type, MemorySegment packed, long bytes) {
    if (packed.byteSize() != bytes) {
      throw new TensorException(
          Fault.of("packed weights have another size than their shape")
              .got(packed.byteSize() + " bytes of " + type)
              .expected(bytes));
    }
  }

  /**
   * The unpacker of a {@link Kernels#layout}; empty for one that can't be turned back, or is of
   * another version.
   */
  static Optional<Unpacker> of(String layout) {
    return PanelUnpacker.of(layout).or(() -> VectorUnpacker.of(layout));
  }
}
