package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Q4_0, Q4_1, Q5_0, Q5_1: 32 codes of 4 or 5 bits, an f16 scale, and in the "_1" formats an f16
 * offset.
 *
 * <pre>
 *   Q4_0: d f16 | nibbles 16 B              code = nibble - 8
 *   Q4_1: d f16 | m f16 | nibbles 16 B      code = nibble
 *   Q5_0: d f16 | fifth bits 4 B | 16 B     code = nibble + 16 * bit - 16
 *   Q5_1: d f16 | m f16 | 4 B | 16 B        code = nibble + 16 * bit
 * </pre>
 *
 * Source: block_q4_0 … block_q5_1 in ggml-common.h of llama.cpp.
 */
record SimpleCodes(TensorType type, int bits, int zero, boolean hasOffset) implements CodeReader {
  @Override
  public int group() {
    return 32;
  }

  @Override
  public int minCode() {
    return zero;
  }

  @Override
  public int maxCode() {
    return zero + (1 << bits) - 1;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    into.scale = Bytes.f16(source, at);
    into.scaleCodes[0] = 1;
    into.offset = hasOffset ? Bytes.f16(source, at + 2) : 0;
    into.offsetCodes[0] = 1;
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    long body = at + (hasOffset ? 4 : 2);
    int fifth = bits == 5 ? Bytes.i32(source, body) : 0;
    Bytes.nibbles(source, bits == 5 ? body + 4 : body, into.codes, 0);
    for (int k = 0; k < 32; k++) {
      into.codes[k] += (byte) (((fifth >>> k) & 1) * 16 + zero);
    }
  }

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    Bytes.putF16(into, at, from.scale);
    if (hasOffset) {
      Bytes.putF16(into, at + 2, from.offset);
    }
    long body = at + (hasOffset ? 4 : 2);
    int fifth = 0;
    for (int k = 0; k < 32; k++) {
      fifth |= (((from.codes[k] - zero) >> 4) & 1) << k;
    }
    if (bits == 5) {
      Bytes.put32(into, body, fifth);
    }
    long nibbles = bits == 5 ? body + 4 : body;
    for (int j = 0; j < 16; j++) {
      int low = (from.codes[j] - zero) & 15;
      Bytes.put8(into, nibbles + j, low | ((from.codes[j + 16] - zero) << 4));
    }
  }
}
