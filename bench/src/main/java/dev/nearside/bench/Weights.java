package dev.nearside.bench;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantEncoder;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** Matrices of random weights. */
final class Weights {
  private static final int ROWS = 64; // that are encoded; the others repeat them

  private Weights() {}

  /**
   * Blocks of {@code (rows, cols)} as a file holds them.
   *
   * @param rows a multiple of 64
   * @throws dev.nearside.tensor.TensorException when nothing encodes this type
   */
  static MemorySegment of(TensorType type, int rows, int cols, Arena arena) {
    QuantEncoder encoder = QuantFormats.requireEncoder(type);
    Random random = new Random(2);
    float[] values = new float[ROWS * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 32;
    }
    MemorySegment out = arena.allocate(type.bytes((long) rows * cols), 64);
    encoder.encode(values, 0, out, 0, values.length / type.blockElems());
    long bytes = type.bytes(values.length);
    for (long at = bytes; at < out.byteSize(); at += bytes) {
      MemorySegment.copy(out, 0, out, at, bytes);
    }
    return out;
  }
}
