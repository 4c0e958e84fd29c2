package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Q3_K: 256 codes of 3 bits in groups of 16, whose scales are 6-bit codes.
 *
 * <pre>
 *   third bits 32 B | low bits 64 B | scales 12 B | d f16
 *   element k = 128 h + 32 j + l: bits 2j, 2j+1 of byte 32 h + l of the low bits,
 *                                 bit 4 h + j of byte l of the third bits; code = value - 4
 *   scale of group g: low nibbles of bytes 0-7 (g &lt; 8), their high nibbles (g &gt;= 8),
 *                     two more bits from byte 8 + g % 4, bits 2 (g / 4) and up; minus 32
 * </pre>
 *
 * Source: block_q3_K in ggml-common.h of llama.cpp.
 */
record Q3KCodes() implements CodeReader {
  @Override
  public TensorType type() {
    return TensorType.Q3_K;
  }

  @Override
  public int group() {
    return 16;
  }

  @Override
  public boolean hasOffset() {
    return false;
  }

  @Override
  public int minCode() {
    return -4;
  }

  @Override
  public int maxCode() {
    return 3;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    long scales = at + 96;
    for (int g = 0; g < 16; g++) {
      int low = (Bytes.u8(source, scales + g % 8) >>> (g < 8 ? 0 : 4)) & 15;
      int high = (Bytes.u8(source, scales + 8 + g % 4) >>> (2 * (g / 4))) & 3;
      into.scaleCodes[g] = (byte) (low + 16 * high - 32);
    }
    into.scale = Bytes.f16(source, at + 108);
    into.offset = 0;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    for (int k = 0; k < 256; k++) {
      int packed = Bytes.u8(source, at + 32 + (k / 128) * 32L + k % 32);
      int low = (packed >>> (2 * (k % 128 / 32))) & 3;
      int third = (Bytes.u8(source, at + k % 32) >>> (k / 32)) & 1;
      into.codes[k] = (byte) (low + 4 * third - 4);
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    into.asSlice(at, 108).fill((byte) 0);
    for (int k = 0; k < 256; k++) {
      int code = from.codes[k] + 4;
      Bytes.or8(into, at + k % 32, (code >> 2) << (k / 32));
      Bytes.or8(into, at + 32 + (k / 128) * 32L + k % 32, (code & 3) << (2 * (k % 128 / 32)));
    }
    for (int g = 0; g < 16; g++) {
      int scale = from.scaleCodes[g] + 32;
      Bytes.or8(into, at + 96 + g % 8, (scale & 15) << (g < 8 ? 0 : 4));
      Bytes.or8(into, at + 104 + g % 4, (scale >> 4) << (2 * (g / 4)));
    }
    Bytes.putF16(into, at + 108, from.scale);
  }
}
