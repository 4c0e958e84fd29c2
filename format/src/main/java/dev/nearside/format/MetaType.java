package dev.nearside.format;

import java.util.Arrays;
import java.util.Optional;

/**
 * The types of metadata values, with the numbers that GGUF gives them.
 *
 * <p>Source: {@code gguf_metadata_value_type} in docs/gguf.md of ggml.
 */
public enum MetaType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int ggufId;
  private final int bytes;

  MetaType(int ggufId, int bytes) {
    this.ggufId = ggufId;
    this.bytes = bytes;
  }

  /** The type with this number in a GGUF file; empty when there is none. */
  public static Optional<MetaType> ofGgufId(long id) {
    return Arrays.stream(values()).filter(type -> type.ggufId == id).findFirst();
  }

  public int ggufId() {
    return ggufId;
  }

  /** Bytes of one value; 0 for strings and arrays, whose size varies. */
  public int bytes() {
    return bytes;
  }

  /** True for signed and unsigned integers. */
  public boolean isInteger() {
    return switch (this) {
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }

  /** True for float32 and float64. */
  public boolean isReal() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** True when {@code value} can be stored in this integer type; UINT64 takes the raw 64 bits. */
  boolean holds(long value) {
    return switch (this) {
      case UINT8 -> value >= 0 && value <= 0xFFL;
      case INT8 -> value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE;
      case UINT16 -> value >= 0 && value <= 0xFFFFL;
      case INT16 -> value >= Short.MIN_VALUE && value <= Short.MAX_VALUE;
      case UINT32 -> value >= 0 && value <= 0xFFFF_FFFFL;
      case INT32 -> value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
      case UINT64, INT64 -> true;
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
    };
  }
}
