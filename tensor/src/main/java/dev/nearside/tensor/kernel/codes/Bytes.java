package dev.nearside.tensor.kernel.codes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian reads from model files. */
final class Bytes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  static int u8(MemorySegment source, long at) {
    return source.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int u16(MemorySegment source, long at) {
    return source.get(SHORT, at) & 0xFFFF;
  }

  static int i32(MemorySegment source, long at) {
    return source.get(INT, at);
  }

  /** An IEEE half as float32: exact. */
  static float f16(MemorySegment source, long at) {
    return Float.float16ToFloat(source.get(SHORT, at));
  }

  /** Spreads 16 bytes of nibbles over 32 codes: low nibbles are elements 0-15, high ones 16-31. */
  static void nibbles(MemorySegment source, long at, byte[] codes, int first) {
    for (int j = 0; j < 16; j += 8) {
      long pairs = source.get(LONG, at + j);
      for (int i = first + j; i < first + j + 8; i++) {
        codes[i] = (byte) (pairs & 15);
        codes[i + 16] = (byte) ((pairs >>> 4) & 15);
        pairs >>>= 8;
      }
    }
  }
}
