package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Q6_K: 256 codes of 6 bits in groups of 16 with signed byte scales.
 *
 * <pre>
 *   low nibbles 128 B | high bits 64 B | scales 16 B | d f16
 *   element 128 h + 32 j + l: nibble (j &lt; 2 ? low : high) of byte 64 h + 32 (j % 2) + l,
 *                             bits 2j, 2j+1 of high byte 32 h + l; code = value - 32
 * </pre>
 *
 * Source: block_q6_K in ggml-common.h of llama.cpp.
 */
record Q6KCodes() implements CodeReader {
  @Override
  public TensorType type() {
    return TensorType.Q6_K;
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
    return -32;
  }

  @Override
  public int maxCode() {
    return 31;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, at + 192, into.scaleCodes, 0, 16);
    into.scale = Bytes.f16(source, at + 208);
    into.offset = 0;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    for (int k = 0; k < 256; k++) {
      int half = k / 128;
      int j = k % 128 / 32;
      int l = k % 32;
      int pair = Bytes.u8(source, at + half * 64L + (j % 2) * 32L + l);
      int low = j < 2 ? pair & 15 : pair >>> 4;
      int high = (Bytes.u8(source, at + 128 + half * 32L + l) >>> (2 * j)) & 3;
      into.codes[k] = (byte) (low + 16 * high - 32);
    }
  }
}
