package dev.nearside.format;

import dev.nearside.base.Fault;
import dev.nearside.format.io.Utf8;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A metadata array. It keeps the bytes of the file and decodes when asked: a vocabulary of 256k
 * strings is a single {@code byte[]} until someone wants the strings.
 */
public final class MetaArray {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private final MetaType elementType;
  private final int size;
  private final byte[] raw;

  private MetaArray(MetaType elementType, int size, byte[] raw) {
    this.elementType = elementType;
    this.size = size;
    this.raw = raw;
  }

  /**
   * Wraps the little-endian bytes of {@code size} elements as GGUF stores them (a string is its
   * length as uint64, then UTF-8). The bytes are not copied.
   *
   * @throws FormatException when the bytes are not exactly {@code size} elements, or booleans other
   *     than 0 and 1
   */
  public static MetaArray ofRaw(MetaType elementType, int size, byte[] raw) {
    if (elementType == MetaType.ARRAY) {
      throw new FormatException(Fault.of("arrays of arrays are not supported"));
    }
    long expected =
        elementType == MetaType.STRING ? stringBytes(size, raw) : (long) size * elementType.bytes();
    if (size < 0 || expected != raw.length) {
      throw new FormatException(
          Fault.of("bytes of an array of " + size + " " + elementType)
              .got(raw.length)
              .expected(expected));
    }
    for (int i = 0; elementType == MetaType.BOOL && i < size; i++) {
      if (raw[i] != 0 && raw[i] != 1) {
        throw new FormatException(
            Fault.of("array element is not a boolean")
                .got(raw[i])
                .expected("0 or 1")
                .where("element " + i));
      }
    }
    return new MetaArray(elementType, size, raw);
  }

  public static MetaArray ofStrings(Iterable<String> values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] length = new byte[Long.BYTES];
    int count = 0;
    for (String value : values) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      LONG.set(length, 0, (long) utf8.length);
      out.writeBytes(length);
      out.writeBytes(utf8);
      count++;
    }
    return new MetaArray(MetaType.STRING, count, out.toByteArray());
  }

  /** An array of INT32. */
  public static MetaArray ofInts(int... values) {
    byte[] raw = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    return new MetaArray(MetaType.INT32, values.length, raw);
  }

  /** An array of FLOAT32. */
  public static MetaArray ofFloats(float... values) {
    byte[] raw = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return new MetaArray(MetaType.FLOAT32, values.length, raw);
  }

  public MetaType elementType() {
    return elementType;
  }

  public int size() {
    return size;
  }

  /** Bytes that the array takes in a file. */
  public int rawBytes() {
    return raw.length;
  }

  /** The array's bytes as GGUF stores them, read-only. */
  public ByteBuffer raw() {
    return ByteBuffer.wrap(raw).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The strings.
   *
   * @throws FormatException when the elements are not strings, or one is not UTF-8
   */
  public List<String> strings() {
    require(elementType == MetaType.STRING, "strings");
    String[] out = new String[size];
    ByteBuffer lengths = raw();
    int at = 0;
    for (int i = 0; i < size; i++) {
      int length = (int) lengths.getLong(at);
      at += Long.BYTES;
      String text = Utf8.decode(raw, at, length);
      if (text == null) {
        throw new FormatException(
            Fault.of("string is not valid UTF-8")
                .expected("UTF-8")
                .where("element " + i + ", byte " + at + " of the array"));
      }
      out[i] = text;
      at += length;
    }
    return Collections.unmodifiableList(Arrays.asList(out));
  }

  /**
   * The elements as int.
   *
   * @throws FormatException when the elements are not integers, or one does not fit
   */
  public int[] ints() {
    require(elementType.isInteger(), "integers");
    int[] out = new int[size];
    for (int i = 0; i < size; i++) {
      long value = integer(i);
      if (value != (int) value || (elementType == MetaType.UINT64 && value < 0)) {
        throw new FormatException(
            Fault.of("integer is out of range")
                .got(elementType == MetaType.UINT64 ? Long.toUnsignedString(value) : value)
                .expected("a 32-bit integer")
                .where("element " + i));
      }
      out[i] = (int) value;
    }
    return out;
  }

  /**
   * The elements as long; those of UINT64 as their 64 bits.
   *
   * @throws FormatException when the elements are not integers
   */
  public long[] longs() {
    require(elementType.isInteger(), "integers");
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = integer(i);
    }
    return out;
  }

  /**
   * The elements as float; float64 is rounded.
   *
   * @throws FormatException when the elements are not floating-point numbers
   */
  public float[] floats() {
    require(elementType.isReal(), "floating-point numbers");
    float[] out = new float[size];
    for (int i = 0; i < size; i++) {
      out[i] = (float) real(i);
    }
    return out;
  }

  /**
   * The elements as double.
   *
   * @throws FormatException when the elements are not floating-point numbers
   */
  public double[] doubles() {
    require(elementType.isReal(), "floating-point numbers");
    double[] out = new double[size];
    for (int i = 0; i < size; i++) {
      out[i] = real(i);
    }
    return out;
  }

  /**
   * The elements as boolean.
   *
   * @throws FormatException when the elements are not booleans
   */
  public boolean[] flags() {
    require(elementType == MetaType.BOOL, "booleans");
    boolean[] out = new boolean[size];
    for (int i = 0; i < size; i++) {
      out[i] = raw[i] != 0;
    }
    return out;
  }

  private long integer(int i) {
    return switch (elementType) {
      case UINT8 -> raw[i] & 0xFFL;
      case INT8 -> raw[i];
      case UINT16 -> (short) SHORT.get(raw, 2 * i) & 0xFFFFL;
      case INT16 -> (short) SHORT.get(raw, 2 * i);
      case UINT32 -> (int) INT.get(raw, 4 * i) & 0xFFFF_FFFFL;
      case INT32 -> (int) INT.get(raw, 4 * i);
      case UINT64, INT64 -> (long) LONG.get(raw, 8 * i);
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
          throw new IllegalStateException("not an integer array: " + elementType);
    };
  }

  private double real(int i) {
    return elementType == MetaType.FLOAT32
        ? (float) FLOAT.get(raw, 4 * i)
        : (double) DOUBLE.get(raw, 8 * i);
  }

  private void require(boolean matches, String wanted) {
    if (!matches) {
      throw new FormatException(
          Fault.of("array has elements of another type").got(elementType).expected(wanted));
    }
  }

  /** Bytes of {@code size} strings at the start of {@code raw}; -1 when they are not all there. */
  private static long stringBytes(int size, byte[] raw) {
    ByteBuffer lengths = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    for (int i = 0; i < size; i++) {
      if (raw.length - at < Long.BYTES) {
        return -1;
      }
      long length = lengths.getLong(at);
      at += Long.BYTES;
      if (length < 0 || length > raw.length - at) {
        return -1;
      }
      at += (int) length;
    }
    return at;
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MetaArray that
        && elementType == that.elementType
        && size == that.size
        && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return 31 * elementType.hashCode() + Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    return elementType + "[" + size + "]";
  }
}
