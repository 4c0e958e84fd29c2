package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 22 bytes (5.5 bits each): {@code w = d * (q - 16)}.
 *
 * <pre>
 *  0      2            6                    22
 *  +------+------------+--------------------+
 *  | d    | qh         | qs                 |   d   float16
 *  +------+------------+--------------------+   qh  int32: bit j is the fifth bit of q[j]
 *                                               qs  byte j: low four bits of q[j], q[j + 16]
 * </pre>
 *
 * <p>Encoding: the value of largest magnitude gets code 0, that is -16, so {@code d = extreme /
 * -16} may be negative; {@code q = trunc(x / d + 16.5)}, at most 31.
 *
 * <p>Source: {@code block_q5_0} in ggml-common.h, {@code quantize_row_q5_0_ref} in ggml-quants.c.
 */
final class Q5_0 extends BlockCodec {
  Q5_0() {
    super(TensorType.Q5_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    int qh = Bytes.i32(b, at + 2);
    for (int j = 0; j < 16; j++) {
      int q = b[at + 6 + j];
      y[to + j] = (((q & 15) | (qh >>> j & 1) << 4) - 16) * d;
      y[to + j + 16] = (((q >> 4 & 15) | (qh >>> (j + 16) & 1) << 4) - 16) * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.signed(d, dice));
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float d = Rounding.extreme(x, from, 32) / -16;
    float inverse = Rounding.inverse(d);
    int qh = 0;
    for (int j = 0; j < 16; j++) {
      int low = code(x[from + j], inverse);
      int high = code(x[from + j + 16], inverse);
      b[at + 6 + j] = (byte) ((low & 15) | high << 4);
      qh |= (low >> 4 & 1) << j | (high >> 4 & 1) << (j + 16);
    }
    Bytes.putF16(b, at, d);
    Bytes.putI32(b, at + 2, qh);
  }

  private static int code(float v, float inverse) {
    return Math.min(31, (byte) Rounding.truncate(v * inverse + 16.5f));
  }
}
