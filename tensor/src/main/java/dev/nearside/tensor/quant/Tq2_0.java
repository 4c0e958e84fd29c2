package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 ternary weights in 66 bytes (2.0625 bits each): {@code w = d * (q - 1)}.
 *
 * <pre>
 *  0                                 64     66
 *  +---------------------------------+------+
 *  | qs                              | d    |   d  float16
 *  +---------------------------------+------+
 *  qs  two halves of 32 bytes for 128 weights each: bits 2k and up of byte l hold
 *      q[128 h + 32 k + l], written as 0, 1 or 2 (3 decodes to 2d)
 * </pre>
 *
 * <p>Encoding: {@code d = max|x|}, {@code q = round(x / d) + 1}, halves away from zero.
 *
 * <p>Source: {@code block_tq2_0} in ggml-common.h, {@code quantize_row_tq2_0_ref} in ggml-quants.c.
 */
final class Tq2_0 extends BlockCodec {
  Tq2_0() {
    super(TensorType.TQ2_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at + 64);
    for (int group = 0; group < 8; group++) {
      int qs = at + (group >> 2) * 32;
      int shift = 2 * (group & 3);
      int out = to + group * 32;
      for (int l = 0; l < 32; l++) {
        y[out + l] = ((b[qs + l] >> shift & 3) - 1) * d;
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    RandomBlocks.withoutThrees(b, at, 64);
    Bytes.putF16(b, at + 64, d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float d = Rounding.maxMagnitude(x, from, 256);
    float inverse = Rounding.inverse(d);
    for (int i = 0; i < 64; i++) {
      int first = from + (i >> 5) * 128 + (i & 31);
      int codes = 0;
      for (int k = 0; k < 4; k++) {
        codes |= (Tq1_0.trit(x[first + 32 * k], inverse) & 3) << (2 * k);
      }
      b[at + i] = (byte) codes;
    }
    Bytes.putF16(b, at + 64, d);
  }
}
