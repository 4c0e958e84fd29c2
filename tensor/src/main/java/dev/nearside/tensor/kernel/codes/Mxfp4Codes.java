package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * MXFP4: 32 e2m1 numbers with a power of two as scale. The codes are the numbers doubled (0 1 2 3 4
 * 6 8 12 and their negatives), so the scale is {@code 2^(e - 128)}; e = 255 is not treated as NaN,
 * as in ggml.
 *
 * <p>Source: OCP Microscaling Formats 1.0; block_mxfp4 and kvalues_fp4 in ggml-common.h of
 * llama.cpp.
 */
record Mxfp4Codes() implements CodeReader {
  private static final byte[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private static final byte[] PLACES = Bytes.places(VALUES);

  @Override
  public TensorType type() {
    return TensorType.MXFP4;
  }

  @Override
  public int group() {
    return 32;
  }

  @Override
  public boolean hasOffset() {
    return false;
  }

  @Override
  public Optional<byte[]> values() {
    return Optional.of(VALUES.clone());
  }

  @Override
  public int minCode() {
    return -12;
  }

  @Override
  public int maxCode() {
    return 12;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    int e = Bytes.u8(source, at);
    into.scale = Float.intBitsToFloat(e < 2 ? 0x0020_0000 << e : (e - 1) << 23);
    into.scaleCodes[0] = 1;
    into.offset = 0;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    Bytes.nibbles(source, at + 1, into.codes, 0);
    for (int k = 0; k < 32; k++) {
      into.codes[k] = VALUES[into.codes[k]];
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    int bits = Float.floatToRawIntBits(from.scale);
    Bytes.put8(into, at, bits < 0x0080_0000 ? bits >> 22 : (bits >> 23) + 1);
    Bytes.putPlaces(from.codes, 0, PLACES, into, at + 1);
  }
}
