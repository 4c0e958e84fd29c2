package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 18 bytes (4.5 bits each): {@code w = d * (q - 8)}.
 *
 * <pre>
 *  0      2                    18
 *  +------+--------------------+
 *  | d    | qs                 |   d   float16
 *  +------+--------------------+   qs  byte j: q[j] low nibble, q[j + 16] high nibble
 * </pre>
 *
 * <p>Encoding: the value of largest magnitude gets code 0, that is -8, so {@code d = extreme / -8}
 * may be negative; {@code q = trunc(x / d + 8.5)}, at most 15.
 *
 * <p>Source: {@code block_q4_0} in ggml-common.h, {@code quantize_row_q4_0_ref} in ggml-quants.c.
 */
final class Q4_0 extends BlockCodec {
  Q4_0() {
    super(TensorType.Q4_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int j = 0; j < 16; j++) {
      int q = b[at + 2 + j];
      y[to + j] = ((q & 15) - 8) * d;
      y[to + j + 16] = ((q >> 4 & 15) - 8) * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.signed(d, dice));
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float d = Rounding.extreme(x, from, 32) / -8;
    float inverse = Rounding.inverse(d);
    Bytes.putF16(b, at, d);
    for (int j = 0; j < 16; j++) {
      int low = code(x[from + j], inverse);
      int high = code(x[from + j + 16], inverse);
      b[at + 2 + j] = (byte) (low | high << 4);
    }
  }

  private static int code(float v, float inverse) {
    return Math.min(15, (byte) Rounding.truncate(v * inverse + 8.5f));
  }
}
