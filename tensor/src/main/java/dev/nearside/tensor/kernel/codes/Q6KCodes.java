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
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < 32; l++) {
        int first = Bytes.u8(source, at + 64L * half + l);
        int second = Bytes.u8(source, at + 64L * half + 32 + l);
        int high = Bytes.u8(source, at + 128 + 32L * half + l);
        int to = 128 * half + l;
        into.codes[to] = (byte) ((first & 15) + ((high & 3) << 4) - 32);
        into.codes[to + 32] = (byte) ((second & 15) + (((high >>> 2) & 3) << 4) - 32);
        into.codes[to + 64] = (byte) ((first >>> 4) + (((high >>> 4) & 3) << 4) - 32);
        into.codes[to + 96] = (byte) ((second >>> 4) + ((high >>> 6) << 4) - 32);
      }
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    for (int half = 0; half < 2; half++) {
      for (int l = 0; l < 32; l++) {
        int k = 128 * half + l;
        int a = from.codes[k] + 32;
        int b = from.codes[k + 32] + 32;
        int c = from.codes[k + 64] + 32;
        int d = from.codes[k + 96] + 32;
        Bytes.put8(into, at + 64L * half + l, (a & 15) | (c << 4));
        Bytes.put8(into, at + 64L * half + 32 + l, (b & 15) | (d << 4));
        int high = (a >> 4) | ((b >> 4) << 2) | ((c >> 4) << 4) | ((d >> 4) << 6);
        Bytes.put8(into, at + 128 + 32L * half + l, high);
      }
    }
    MemorySegment.copy(from.scaleCodes, 0, into, ValueLayout.JAVA_BYTE, at + 192, 16);
    Bytes.putF16(into, at + 208, from.scale);
  }
}
