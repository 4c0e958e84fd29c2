package dev.nearside.tensor;

import dev.nearside.base.Fault;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The element types of tensors in model files, with the numbers that GGUF gives them. A type is a
 * sequence of blocks: {@code blockElems} elements in {@code blockBytes} bytes.
 *
 * <p>Source: {@code ggml_type} in ggml.h and {@code GGML_QUANT_SIZES} in gguf-py/gguf/constants.py
 * of llama.cpp.
 */
public enum TensorType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q8_1(9, 32, 36),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  Q8_K(15, 256, 292),
  IQ2_XXS(16, 256, 66),
  IQ2_XS(17, 256, 74),
  IQ3_XXS(18, 256, 98),
  IQ1_S(19, 256, 50),
  IQ4_NL(20, 32, 18),
  IQ3_S(21, 256, 110),
  IQ2_S(22, 256, 82),
  IQ4_XS(23, 256, 136),
  I8(24, 1, 1),
  I16(25, 1, 2),
  I32(26, 1, 4),
  I64(27, 1, 8),
  F64(28, 1, 8),
  IQ1_M(29, 256, 56),
  BF16(30, 1, 2),
  TQ1_0(34, 256, 54),
  TQ2_0(35, 256, 66),
  MXFP4(39, 32, 17),
  NVFP4(40, 64, 36),
  Q1_0(41, 128, 18),
  Q2_0(42, 64, 18);

  private static final TensorType[] BY_ID = byId();

  private final int ggmlId;
  private final int blockElems;
  private final int blockBytes;

  TensorType(int ggmlId, int blockElems, int blockBytes) {
    this.ggmlId = ggmlId;
    this.blockElems = blockElems;
    this.blockBytes = blockBytes;
  }

  /** The type with this number in a GGUF file; empty when there is none. */
  public static Optional<TensorType> ofGgmlId(long id) {
    return id < 0 || id >= BY_ID.length ? Optional.empty() : Optional.ofNullable(BY_ID[(int) id]);
  }

  /** The type with this name, in any case; empty when there is none. */
  public static Optional<TensorType> ofName(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values()).filter(t -> t.name().equals(upper)).findFirst();
  }

  public int ggmlId() {
    return ggmlId;
  }

  /** Elements in a block; 1 for plain types. */
  public int blockElems() {
    return blockElems;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return blockBytes;
  }

  /** Bits per weight. */
  public double bitsPerWeight() {
    return 8.0 * blockBytes / blockElems;
  }

  /**
   * Bytes of {@code elems} elements.
   *
   * @throws TensorException when {@code elems} is negative, not a whole number of blocks, or too
   *     large
   */
  public long bytes(long elems) {
    if (elems < 0 || elems % blockElems != 0) {
      throw new TensorException(
          Fault.of("element count of a " + this + " tensor is not a whole number of blocks")
              .got(elems)
              .expected("a multiple of " + blockElems));
    }
    long blocks = elems / blockElems;
    if (blocks > Long.MAX_VALUE / blockBytes) {
      throw new TensorException(
          Fault.of("element count of a " + this + " tensor is too large").got(elems));
    }
    return blocks * blockBytes;
  }

  private static TensorType[] byId() {
    TensorType[] table = new TensorType[64];
    for (TensorType type : values()) {
      table[type.ggmlId] = type;
    }
    return table;
  }
}
