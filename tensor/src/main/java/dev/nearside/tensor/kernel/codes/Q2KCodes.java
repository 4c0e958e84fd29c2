package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Q2_K: 256 codes of 2 bits in groups of 16, whose scales and offsets are 4-bit codes.
 *
 * <pre>
 *   scales 16 B (low nibble: scale, high: minimum) | codes 64 B | d f16 | dmin f16
 *   element 128 h + 32 j + l: bits 2j, 2j+1 of byte 32 h + l
 * </pre>
 *
 * Source: block_q2_K in ggml-common.h of llama.cpp.
 */
record Q2KCodes() implements CodeReader {
  @Override
  public TensorType type() {
    return TensorType.Q2_K;
  }

  @Override
  public int group() {
    return 16;
  }

  @Override
  public boolean hasOffset() {
    return true;
  }

  @Override
  public int minCode() {
    return 0;
  }

  @Override
  public int maxCode() {
    return 3;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    for (int g = 0; g < 16; g++) {
      int pair = Bytes.u8(source, at + g);
      into.scaleCodes[g] = (byte) (pair & 15);
      into.offsetCodes[g] = (byte) -(pair >>> 4);
    }
    into.scale = Bytes.f16(source, at + 80);
    into.offset = Bytes.f16(source, at + 82);
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    for (int k = 0; k < 256; k++) {
      int packed = Bytes.u8(source, at + 16 + (k / 128) * 32L + k % 32);
      into.codes[k] = (byte) ((packed >>> (2 * (k % 128 / 32))) & 3);
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    for (int g = 0; g < 16; g++) {
      Bytes.put8(into, at + g, from.scaleCodes[g] | (-from.offsetCodes[g] << 4));
    }
    into.asSlice(at + 16, 64).fill((byte) 0);
    for (int k = 0; k < 256; k++) {
      Bytes.or8(into, at + 16 + (k / 128) * 32L + k % 32, from.codes[k] << (2 * (k % 128 / 32)));
    }
    Bytes.putF16(into, at + 80, from.scale);
    Bytes.putF16(into, at + 82, from.offset);
  }
}
