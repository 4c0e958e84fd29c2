package dev.nearside.tensor.kernel.codes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian reads from model files, and writes. */
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

  static void put8(MemorySegment into, long at, int value) {
    into.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void put16(MemorySegment into, long at, int value) {
    into.set(SHORT, at, (short) value);
  }

  static void put32(MemorySegment into, long at, int value) {
    into.set(INT, at, value);
  }

  /** A float32 that {@link #f16} gave. */
  static void putF16(MemorySegment into, long at, float value) {
    into.set(SHORT, at, Float.floatToFloat16(value));
  }

  /** Adds {@code bits} to a byte. */
  static void or8(MemorySegment into, long at, int bits) {
    put8(into, at, u8(into, at) | bits);
  }

  /** Where each code of {@code values} stands in it, by code + 128. */
  static byte[] places(byte[] values) {
    byte[] out = new byte[256];
    for (int i = values.length - 1; i >= 0; i--) {
      out[values[i] + 128] = (byte) i; // of two zeros the positive one
    }
    return out;
  }

  /** The opposite of {@link #nibbles}, of the places of codes. */
  static void putPlaces(byte[] codes, int first, byte[] places, MemorySegment into, long at) {
    for (int j = 0; j < 16; j++) {
      int low = places[codes[first + j] + 128];
      int high = places[codes[first + 16 + j] + 128];
      put8(into, at + j, low | (high << 4));
    }
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
