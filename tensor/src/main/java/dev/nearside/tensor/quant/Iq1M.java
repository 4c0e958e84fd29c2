package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 56 bytes (1.75 bits each), 16 sub-blocks of 16: {@code w = (d * (2 sc + 1)) *
 * (grid ± 0.125)}, eight weights at a time from the codebook of {@link Iq1Grid}.
 *
 * <pre>
 *  0                      32              48         56
 *  +----------------------+---------------+----------+
 *  | qs                   | qh            | scales   |
 *  +----------------------+---------------+----------+
 *  qs      low eight bits of the grid index of each group of eight
 *  qh      nibble g % 2 of byte g / 2: high three bits of the index of group g, then 1 for -0.125
 *  scales  four uint16: bits 3 (s % 4) and up of word s / 4: sc[s]; bits 12 … 15 of word i:
 *          bits 4i and up of d, a float16
 * </pre>
 *
 * <p>Source: {@code block_iq1_m} in ggml-common.h, {@code dequantize_row_iq1_m} in ggml-quants.c.
 */
final class Iq1M extends BlockFormat {
  Iq1M() {
    super(TensorType.IQ1_M);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = scale(b, at + 48);
    for (int sub = 0; sub < 16; sub++) {
      int word = Bytes.u16(b, at + 48 + (sub >> 2) * 2);
      float step = d * (2 * (word >> (3 * (sub & 3)) & 7) + 1);
      for (int group = 2 * sub; group < 2 * sub + 2; group++) {
        int high = b[at + 32 + (group >> 1)] >> (4 * (group & 1));
        int point = Bytes.u8(b, at + group) | (high & 7) << 8;
        Iq1Grid.put(point, (high & 8) != 0, step, y, to + group * 8);
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    int bits = Bytes.toF16(RandomBlocks.signed(d, dice));
    for (int i = 0; i < 4; i++) {
      int word = Bytes.u16(b, at + 48 + 2 * i);
      Bytes.putU16(b, at + 48 + 2 * i, (word & 0xfff) | (bits >> (4 * i) & 15) << 12);
    }
  }

  private static float scale(byte[] b, int at) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= Bytes.u16(b, at + 2 * i) >> 12 << (4 * i);
    }
    return Float.float16ToFloat((short) bits);
  }
}
