package dev.nearside.tensor.quant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian fields of a block that lies in a byte array, at any address. */
final class Bytes {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private Bytes() {}

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  static int u8(byte[] b, int at) {
    return b[at] & 0xff;
  }

  static int u16(byte[] b, int at) {
    return (short) SHORT.get(b, at) & 0xffff;
  }

  static int i32(byte[] b, int at) {
    return (int) INT.get(b, at);
  }

  static float f16(byte[] b, int at) {
    return Float.float16ToFloat((short) SHORT.get(b, at));
  }

  static float f32(byte[] b, int at) {
    return (float) FLOAT.get(b, at);
  }

  static double f64(byte[] b, int at) {
    return (double) DOUBLE.get(b, at);
  }

  static void putU16(byte[] b, int at, int value) {
    SHORT.set(b, at, (short) value);
  }

  static void putI32(byte[] b, int at, int value) {
    INT.set(b, at, value);
  }

  static void putI64(byte[] b, int at, long value) {
    LONG.set(b, at, value);
  }

  static void putF32(byte[] b, int at, float value) {
    FLOAT.set(b, at, value);
  }

  static void putF64(byte[] b, int at, double value) {
    DOUBLE.set(b, at, value);
  }

  /** Rounds to float16, ties to even; every NaN becomes the quiet one, as in ggml. */
  static void putF16(byte[] b, int at, float value) {
    SHORT.set(b, at, toF16(value));
  }

  /** The float16 bits of {@code value}: ties to even, NaN to 0x7e00 with the sign kept. */
  static short toF16(float value) {
    if (Float.isNaN(value)) {
      return (short) ((Float.floatToRawIntBits(value) >>> 16 & 0x8000) | 0x7e00);
    }
    return Float.floatToFloat16(value);
  }
}
