package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 64 weights in 18 bytes (2.25 bits each): {@code w = d * (q - 1)}, that is -d, 0, d or 2d.
 *
 * <pre>
 *  0      2                    18
 *  +------+--------------------+
 *  | d    | qs                 |   d   float16
 *  +------+--------------------+   qs  bits 2 (j % 4) and up of byte j / 4: q[j]
 * </pre>
 *
 * <p>Encoding: {@code d = max|x|}, {@code q = round(x / d) + 1}, halves away from zero; so the code
 * of 2d is never written.
 *
 * <p>Source: {@code block_q2_0} in ggml-common.h, {@code quantize_row_q2_0_ref} in ggml-quants.c.
 */
final class Q2_0 extends BlockCodec {
  Q2_0() {
    super(TensorType.Q2_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int j = 0; j < 64; j++) {
      y[to + j] = ((b[at + 2 + (j >> 2)] >> (2 * (j & 3)) & 3) - 1) * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    RandomBlocks.withoutThrees(b, at + 2, 16);
    Bytes.putF16(b, at, d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    // Not maxMagnitude: here ggml compares the other way round, which passes over a NaN.
    float d = Math.abs(Rounding.extreme(x, from, 64));
    float inverse = Rounding.inverse(d);
    Bytes.putF16(b, at, d);
    for (int i = 0; i < 16; i++) {
      int codes = 0;
      for (int j = 0; j < 4; j++) {
        float scaled = x[from + 4 * i + j] * inverse;
        int q = Rounding.truncate(Rounding.halfAway(scaled)) + 1;
        codes |= Math.clamp(q, 0, 3) << (2 * j);
      }
      b[at + 2 + i] = (byte) codes;
    }
  }
}
