package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 210 bytes (6.5625 bits each), 16 sub-blocks of 16: {@code w = (d * sc) * (q -
 * 32)}.
 *
 * <pre>
 *  0                     128             192         208    210
 *  +---------------------+---------------+-----------+------+
 *  | ql                  | qh            | scales    | d    |   d  float16
 *  +---------------------+---------------+-----------+------+
 *  ql      two halves of 64 bytes for 128 weights each: byte l of half h holds the low four bits
 *          of q[128 h + l] in its low nibble, of q[128 h + 64 + l] in its high nibble
 *  qh      two halves of 32 bytes: bits 2k and up of byte l hold the high two bits of
 *          q[128 h + 32 k + l]
 *  scales  int8, one for each sub-block
 * </pre>
 *
 * <p>Source: {@code block_q6_K} in ggml-common.h, {@code dequantize_row_q6_K} in ggml-quants.c.
 */
final class Q6K extends BlockFormat {
  Q6K() {
    super(TensorType.Q6_K);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at + 208);
    for (int sub = 0; sub < 16; sub++) {
      float step = d * b[at + 192 + sub];
      int half = sub >> 3;
      int ql = at + half * 64 + (sub & 3) * 16;
      int qh = at + 128 + half * 32 + (sub & 1) * 16;
      int lowShift = sub & 4;
      int highShift = sub & 6;
      int out = to + sub * 16;
      for (int l = 0; l < 16; l++) {
        int q = (b[ql + l] >> lowShift & 15) | (b[qh + l] >> highShift & 3) << 4;
        y[out + l] = step * (q - 32);
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at + 208, RandomBlocks.signed(d, dice));
  }
}
