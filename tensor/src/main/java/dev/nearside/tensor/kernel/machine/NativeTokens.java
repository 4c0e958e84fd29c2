package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Activations as routines read them: rows of {@link TokenBlock}s. */
final class NativeTokens {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private MemorySegment data = MemorySegment.NULL;
  private @Nullable ExactActivations source;
  private long version = -1;
  private int blocks;

  /** Address of a token's row. */
  long address(int token) {
    return data.address() + token * rowBytes();
  }

  /** Bytes of a token's row. */
  long rowBytes() {
    return (long) blocks * TokenBlock.BYTES;
  }

  /** Takes over {@code from}, unless it is held already. */
  void hold(ExactActivations from, Workers workers) {
    if (from == source && from.version() == version) {
      return;
    }
    source = from;
    version = from.version();
    blocks = from.blocks();
    long bytes = from.tokens() * rowBytes();
    if (data.byteSize() < bytes) {
      data = Arena.ofAuto().allocate(bytes, 64);
    }
    MemorySegment target = data;
    workers.run(
        from.tokens(),
        8,
        (first, to, thread) -> {
          for (int t = first; t < to; t++) {
            for (int b = 0; b < blocks; b++) {
              fill(from, t, b, target, t * rowBytes() + (long) b * TokenBlock.BYTES);
            }
          }
        });
  }

  private static void fill(ExactActivations from, int t, int b, MemorySegment to, long at) {
    int first = t * from.blockCols() + b * 32;
    for (int k = 0; k < 32; k++) {
      int q = (int) from.codes[first + k];
      int high = (q + 16) >> 5;
      to.set(ValueLayout.JAVA_BYTE, at + TokenBlock.HIGH + k, (byte) high);
      to.set(ValueLayout.JAVA_BYTE, at + TokenBlock.LOW + k, (byte) (q - 32 * high));
    }
    int piece = (t * from.blocks() + b) * 2;
    float left = from.sums[piece];
    float right = from.sums[piece + 1];
    to.set(FLOAT, at + TokenBlock.SCALE, from.scales[t * from.blocks() + b]);
    to.set(INT, at + TokenBlock.MINUS_SUM, -(int) (left + right));
    to.set(INT, at + TokenBlock.MINUS_SUM + 4, -(int) left);
    to.set(INT, at + TokenBlock.MINUS_SUM + 8, -(int) right);
    to.set(FLOAT, at + TokenBlock.SUM, left + right);
    to.set(FLOAT, at + TokenBlock.SUM + 4, left);
    to.set(FLOAT, at + TokenBlock.SUM + 8, right);
  }
}
