package dev.nearside.format.safetensors;

import dev.nearside.tensor.TensorType;
import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of safetensors. Those without a {@link TensorType} are known, so that a file
 * that has some can be opened, but not readable.
 *
 * <p>Source: {@code enum Dtype} in safetensors/src/tensor.rs.
 */
enum Dtype {
  F64(64, TensorType.F64),
  F32(32, TensorType.F32),
  F16(16, TensorType.F16),
  BF16(16, TensorType.BF16),
  I64(64, TensorType.I64),
  I32(32, TensorType.I32),
  I16(16, TensorType.I16),
  I8(8, TensorType.I8),
  BOOL(8),
  /** Bytes that are codes (MXFP4 blocks and scales): read as I8, the bits are the same. */
  U8(8, TensorType.I8),
  U16(16),
  U32(32),
  U64(64),
  C64(64),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  F6_E2M3(6),
  F6_E3M2(6),
  F4(4);

  private final int bits;
  private final Optional<TensorType> type;

  Dtype(int bits, TensorType type) {
    this.bits = bits;
    this.type = Optional.of(type);
  }

  Dtype(int bits) {
    this.bits = bits;
    this.type = Optional.empty();
  }

  static Optional<Dtype> ofName(String name) {
    return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
  }

  static Optional<Dtype> ofType(TensorType type) {
    return Arrays.stream(values()).filter(d -> d.type.equals(Optional.of(type))).findFirst();
  }

  /** Bits of one element. */
  int bits() {
    return bits;
  }

  /** The type to read it as; empty when there is none. */
  Optional<TensorType> type() {
    return type;
  }
}
