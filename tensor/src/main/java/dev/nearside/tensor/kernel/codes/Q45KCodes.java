package dev.nearside.tensor.kernel.codes;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Q4_K and Q5_K: 256 codes of 4 or 5 bits in groups of 32, whose scales and minimums are 6-bit
 * codes.
 *
 * <pre>
 *   d f16 | dmin f16 | scales 12 B | (Q5_K: fifth bits 32 B) | nibbles 128 B
 *   element 64 j + l: low nibble of byte 32 j + l; element 64 j + 32 + l: high nibble
 *   fifth bit of element 32 i + l: bit i of byte l
 *   group g &lt; 4:  scale = s[g] &amp; 63,  minimum = s[g + 4] &amp; 63
 *   group g &gt;= 4: scale = s[g + 4] &amp; 15 | s[g - 4] &gt;&gt; 6 &lt;&lt; 4,
 *                 minimum = s[g + 4] &gt;&gt; 4 | s[g] &gt;&gt; 6 &lt;&lt; 4
 * </pre>
 *
 * Source: block_q4_K, block_q5_K in ggml-common.h, get_scale_min_k4 in ggml-quants.c of llama.cpp.
 */
record Q45KCodes(TensorType type) implements CodeReader {
  @Override
  public int group() {
    return 32;
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
    return type == TensorType.Q5_K ? 31 : 15;
  }

  @Override
  public void readScales(MemorySegment source, long at, CodeBlock into) {
    into.scale = Bytes.f16(source, at);
    into.offset = Bytes.f16(source, at + 2);
    long s = at + 4;
    for (int g = 0; g < 8; g++) {
      int scale;
      int minimum;
      if (g < 4) {
        scale = Bytes.u8(source, s + g) & 63;
        minimum = Bytes.u8(source, s + g + 4) & 63;
      } else {
        int low = Bytes.u8(source, s + g + 4);
        scale = (low & 15) | ((Bytes.u8(source, s + g - 4) >>> 6) << 4);
        minimum = (low >>> 4) | ((Bytes.u8(source, s + g) >>> 6) << 4);
      }
      into.scaleCodes[g] = (byte) scale;
      into.offsetCodes[g] = (byte) -minimum;
    }
  }

  @Override
  public void readCodes(MemorySegment source, long at, CodeBlock into) {
    boolean five = type == TensorType.Q5_K;
    long nibbles = at + (five ? 48 : 16);
    for (int pair = 0; pair < 4; pair++) {
      int to = 64 * pair;
      for (int l = 0; l < 32; l++) {
        int both = Bytes.u8(source, nibbles + 32L * pair + l);
        int fifths = five ? Bytes.u8(source, at + 16 + l) >>> (2 * pair) : 0;
        into.codes[to + l] = (byte) ((both & 15) | ((fifths & 1) << 4));
        into.codes[to + 32 + l] = (byte) ((both >>> 4) | ((fifths & 2) << 3));
      }
    }
  }
}
