package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 34 bytes (8.5 bits each): {@code w = d * q}.
 *
 * <pre>
 *  0      2                                  34
 *  +------+----------------------------------+
 *  | d    | qs                               |   d   float16
 *  +------+----------------------------------+   qs  int8, in order
 * </pre>
 *
 * <p>Encoding: {@code d = max|x| / 127}, {@code q = round(x / d)}, halves away from zero.
 *
 * <p>Source: {@code block_q8_0} in ggml-common.h, {@code quantize_row_q8_0_ref} in ggml-quants.c.
 */
final class Q8_0 extends BlockCodec {
  Q8_0() {
    super(TensorType.Q8_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int j = 0; j < 32; j++) {
      y[to + j] = b[at + 2 + j] * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    RandomBlocks.symmetric(b, at + 2, 32);
    Bytes.putF16(b, at, d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float d = Rounding.maxMagnitude(x, from, 32) / 127;
    float inverse = Rounding.inverse(d);
    Bytes.putF16(b, at, d);
    for (int j = 0; j < 32; j++) {
      b[at + 2 + j] = (byte) Rounding.truncate(Rounding.halfAway(x[from + j] * inverse));
    }
  }
}
