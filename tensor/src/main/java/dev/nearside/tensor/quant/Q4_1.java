package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 20 bytes (5 bits each): {@code w = d * q + m}.
 *
 * <pre>
 *  0      2      4                    20
 *  +------+------+--------------------+
 *  | d    | m    | qs                 |   d, m  float16: step and minimum
 *  +------+------+--------------------+   qs    byte j: q[j] low nibble, q[j + 16] high nibble
 * </pre>
 *
 * <p>Encoding: {@code m} is the smallest value, {@code d = (max - min) / 15}, {@code q = trunc((x -
 * min) / d + 0.5)}, at most 15.
 *
 * <p>Source: {@code block_q4_1} in ggml-common.h, {@code quantize_row_q4_1_ref} in ggml-quants.c.
 */
final class Q4_1 extends BlockCodec {
  Q4_1() {
    super(TensorType.Q4_1);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    float m = Bytes.f16(b, at + 2);
    for (int j = 0; j < 16; j++) {
      int q = b[at + 4 + j];
      y[to + j] = (q & 15) * d + m;
      y[to + j + 16] = (q >> 4 & 15) * d + m;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, -7.5f * d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float min = Rounding.min(x, from, 32);
    float d = (Rounding.max(x, from, 32) - min) / 15;
    float inverse = Rounding.inverse(d);
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, min);
    for (int j = 0; j < 16; j++) {
      int low = code(x[from + j], min, inverse);
      int high = code(x[from + j + 16], min, inverse);
      b[at + 4 + j] = (byte) (low | high << 4);
    }
  }

  private static int code(float v, float min, float inverse) {
    return Math.min(15, (byte) Rounding.truncate((v - min) * inverse + 0.5f));
  }
}
