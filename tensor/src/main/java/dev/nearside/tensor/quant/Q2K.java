package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 84 bytes (2.625 bits each), 16 sub-blocks of 16: {@code w = (d * sc) * q - (dmin *
 * mn)}.
 *
 * <pre>
 *  0           16                      80     82     84
 *  +-----------+-----------------------+------+------+
 *  | scales    | qs                    | d    | dmin |   d, dmin  float16
 *  +-----------+-----------------------+------+------+
 *  scales  byte i: sc[i] low nibble, mn[i] high nibble
 *  qs      two halves of 32 bytes for 128 weights each: bits 2k and up of byte l hold
 *          q[128 h + 32 k + l]
 * </pre>
 *
 * <p>Source: {@code block_q2_K} in ggml-common.h, {@code dequantize_row_q2_K} in ggml-quants.c.
 */
final class Q2K extends BlockFormat {
  Q2K() {
    super(TensorType.Q2_K);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at + 80);
    float dmin = Bytes.f16(b, at + 82);
    for (int sub = 0; sub < 16; sub++) {
      int scale = b[at + sub];
      float step = d * (scale & 15);
      float min = dmin * (scale >> 4 & 15);
      int shift = sub & 6;
      int qs = at + 16 + (sub >> 3) * 32 + (sub & 1) * 16;
      int out = to + sub * 16;
      for (int l = 0; l < 16; l++) {
        y[out + l] = step * (b[qs + l] >> shift & 3) - min;
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    for (int sub = 0; sub < 16; sub++) {
      b[at + sub] = (byte) ((b[at + sub] & 15) * 0x11);
    }
    Bytes.putF16(b, at + 80, d);
    Bytes.putF16(b, at + 82, 1.5f * d);
  }
}
