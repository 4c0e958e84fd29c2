package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 110 bytes (3.4375 bits each), 16 sub-blocks of 16: {@code w = (d * (sc - 32)) * (q
 * - 4)}.
 *
 * <pre>
 *  0           32                      96          108    110
 *  +-----------+-----------------------+-----------+------+
 *  | hmask     | qs                    | scales    | d    |   d  float16
 *  +-----------+-----------------------+-----------+------+
 *  hmask   bit 4 h + k of byte l: third bit of q[128 h + 32 k + l]
 *  qs      two halves of 32 bytes for 128 weights each: bits 2k and up of byte l hold the low
 *          two bits of q[128 h + 32 k + l]
 *  scales  low four bits of sc[i]: nibble i / 8 of byte i % 8;
 *          high two bits: bits 2 (i / 4) and up of byte 8 + i % 4
 * </pre>
 *
 * <p>Source: {@code block_q3_K} in ggml-common.h, {@code dequantize_row_q3_K} in ggml-quants.c.
 */
final class Q3K extends BlockFormat {
  Q3K() {
    super(TensorType.Q3_K);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at + 108);
    for (int sub = 0; sub < 16; sub++) {
      float step = d * (scale(b, at + 96, sub) - 32);
      int shift = sub & 6;
      int plane = sub >> 1;
      int half = (sub & 1) * 16;
      int hmask = at + half;
      int qs = at + 32 + (sub >> 3) * 32 + half;
      int out = to + sub * 16;
      for (int l = 0; l < 16; l++) {
        int q = (b[qs + l] >> shift & 3) | (b[hmask + l] >> plane & 1) << 2;
        y[out + l] = step * (q - 4);
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at + 108, RandomBlocks.signed(d, dice));
  }

  private static int scale(byte[] b, int at, int sub) {
    int low = b[at + (sub & 7)] >> (4 * (sub >> 3)) & 15;
    int high = b[at + 8 + (sub & 3)] >> (2 * (sub >> 2)) & 3;
    return low | high << 4;
  }
}
