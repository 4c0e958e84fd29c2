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

  @Override
  public void write(CodeBlock from, MemorySegment into, long at) {
    boolean five = type == TensorType.Q5_K;
    Bytes.putF16(into, at, from.scale);
    Bytes.putF16(into, at + 2, from.offset);
    long s = at + 4;
    for (int g = 0; g < 4; g++) {
      int scale = from.scaleCodes[g + 4];
      int minimum = -from.offsetCodes[g + 4];
      Bytes.put8(into, s + g, from.scaleCodes[g] | ((scale >> 4) << 6));
      Bytes.put8(into, s + g + 4, -from.offsetCodes[g] | ((minimum >> 4) << 6));
      Bytes.put8(into, s + g + 8, (scale & 15) | (minimum << 4));
    }
    long nibbles = at + (five ? 48 : 16);
    if (five) {
      into.asSlice(at + 16, 32).fill((byte) 0);
    }
    for (int pair = 0; pair < 4; pair++) {
      for (int l = 0; l < 32; l++) {
        int first = from.codes[64 * pair + l];
        int second = from.codes[64 * pair + 32 + l];
        Bytes.put8(into, nibbles + 32L * pair + l, (first & 15) | (second << 4));
        if (five) {
          Bytes.or8(into, at + 16 + l, ((first >> 4) | ((second >> 4) << 1)) << (2 * pair));
        }
      }
    }
  }
}
