package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 weights in 136 bytes (4.25 bits each), 8 sub-blocks of 32: {@code w = (d * (sc - 32)) *
 * codebook[q]}, with the codebook of {@link Iq4Nl}.
 *
 * <pre>
 *  0      2          4          8                              136
 *  +------+----------+----------+------------------------------+
 *  | d    | scales_h | scales_l | qs                           |   d  float16
 *  +------+----------+----------+------------------------------+
 *  scales_h  uint16: bits 2s and up hold the high two bits of sc[s]
 *  scales_l  nibble s % 2 of byte s / 2: low four bits of sc[s]
 *  qs        16 bytes for each sub-block: byte j holds q[32 s + j] in its low nibble,
 *            q[32 s + 16 + j] in its high nibble
 * </pre>
 *
 * <p>Source: {@code block_iq4_xs} in ggml-common.h, {@code dequantize_row_iq4_xs} in ggml-quants.c.
 */
final class Iq4Xs extends BlockFormat {
  Iq4Xs() {
    super(TensorType.IQ4_XS);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    int high = Bytes.u16(b, at + 2);
    for (int sub = 0; sub < 8; sub++) {
      int low = b[at + 4 + (sub >> 1)] >> (4 * (sub & 1)) & 15;
      int scale = low | (high >> (2 * sub) & 3) << 4;
      Iq4Nl.decodeNibbles(b, at + 8 + sub * 16, d * (scale - 32), y, to + sub * 32);
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.signed(d, dice));
  }
}
