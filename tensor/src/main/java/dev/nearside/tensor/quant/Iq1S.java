package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 50 bytes (1.5625 bits each), 8 sub-blocks of 32: {@code w = (d * (2 sc + 1)) *
 * (grid ± 0.125)}, eight weights at a time from the codebook of {@link Iq1Grid}.
 *
 * <pre>
 *  0      2                      34              50
 *  +------+----------------------+---------------+
 *  | d    | qs                   | qh            |   d  float16
 *  +------+----------------------+---------------+
 *  qs  low eight bits of the grid index of each group of eight
 *  qh  uint16 for each sub-block: bits 3l and up: high three bits of the index of its group l;
 *      bits 12 … 14: sc; bit 15: 1 for -0.125
 * </pre>
 *
 * <p>Source: {@code block_iq1_s} in ggml-common.h, {@code dequantize_row_iq1_s} in ggml-quants.c.
 */
final class Iq1S extends BlockFormat {
  Iq1S() {
    super(TensorType.IQ1_S);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int sub = 0; sub < 8; sub++) {
      int word = Bytes.u16(b, at + 34 + sub * 2);
      float step = d * (2 * (word >> 12 & 7) + 1);
      boolean isDown = (word & 0x8000) != 0;
      for (int l = 0; l < 4; l++) {
        int point = Bytes.u8(b, at + 2 + sub * 4 + l) | (word >> (3 * l) & 7) << 8;
        Iq1Grid.put(point, isDown, step, y, to + sub * 32 + l * 8);
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.signed(d, dice));
  }
}
