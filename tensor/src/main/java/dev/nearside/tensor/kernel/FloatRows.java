package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormats;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Decodes pieces of weight rows to float32: plain floats here, quantised types by their format. */
public final class FloatRows {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FloatRows() {}

  /** Whether {@link #read} knows {@code type}. */
  public static boolean canRead(TensorType type) {
    return type == TensorType.F32
        || type == TensorType.F16
        || type == TensorType.BF16
        || QuantFormats.decoder(type).isPresent();
  }

  /**
   * Decodes {@code count} elements, a whole number of blocks, from byte {@code at} of {@code
   * source} to {@code into[to …]}.
   */
  public static void read(
      TensorType type, MemorySegment source, long at, float[] into, int to, int count) {
    if (type == TensorType.F32) {
      MemorySegment.copy(source, Floats.LAYOUT, at, into, to, count);
    } else if (type == TensorType.F16) {
      for (int k = 0; k < count; k++) {
        into[to + k] = Float.float16ToFloat(source.get(SHORT, at + 2L * k));
      }
    } else if (type == TensorType.BF16) {
      for (int k = 0; k < count; k++) {
        into[to + k] = Float.intBitsToFloat(source.get(SHORT, at + 2L * k) << 16);
      }
    } else {
      QuantFormats.decoder(type)
          .orElseThrow(() -> unsupported(type))
          .decode(source, at, into, to, count / type.blockElems());
    }
  }

  static TensorException unsupported(TensorType type) {
    return new TensorException(
        Fault.of("weights of this type can't be multiplied").got(type).expected("a float type"));
  }
}
