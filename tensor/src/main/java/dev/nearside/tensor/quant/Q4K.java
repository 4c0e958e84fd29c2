package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 144 bytes (4.5 bits each), 8 sub-blocks of 32: {@code w = (d * sc) * q - (dmin *
 * mn)}.
 *
 * <pre>
 *  0      2      4           16                            144
 *  +------+------+-----------+-----------------------------+
 *  | d    | dmin | scales    | qs                          |   d, dmin  float16
 *  +------+------+-----------+-----------------------------+
 *  scales  eight sc and eight mn of 6 bits: see {@link KScales}
 *  qs      four groups of 32 bytes for 64 weights each: byte l of group g holds q[64 g + l] in
 *          its low nibble, q[64 g + 32 + l] in its high nibble
 * </pre>
 *
 * <p>Source: {@code block_q4_K} in ggml-common.h, {@code dequantize_row_q4_K} in ggml-quants.c.
 */
final class Q4K extends BlockFormat {
  Q4K() {
    super(TensorType.Q4_K);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    float dmin = Bytes.f16(b, at + 2);
    for (int sub = 0; sub < 8; sub++) {
      float step = d * KScales.scale(b, at + 4, sub);
      float min = dmin * KScales.min(b, at + 4, sub);
      int shift = 4 * (sub & 1);
      int qs = at + 16 + (sub >> 1) * 32;
      int out = to + sub * 32;
      for (int l = 0; l < 32; l++) {
        y[out + l] = step * (b[qs + l] >> shift & 15) - min;
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    KScales.copyScalesToMins(b, at + 4);
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, 7.5f * d);
  }
}
