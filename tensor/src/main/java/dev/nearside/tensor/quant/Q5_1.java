package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 24 bytes (6 bits each): {@code w = d * q + m}.
 *
 * <pre>
 *  0      2      4            8                    24
 *  +------+------+------------+--------------------+
 *  | d    | m    | qh         | qs                 |   d, m  float16: step and minimum
 *  +------+------+------------+--------------------+   qh    int32: bit j, fifth bit of q[j]
 *                                                      qs    byte j: low bits of q[j], q[j + 16]
 * </pre>
 *
 * <p>Encoding: {@code m} is the smallest value, {@code d = (max - min) / 31}, {@code q = trunc((x -
 * min) / d + 0.5)}.
 *
 * <p>Source: {@code block_q5_1} in ggml-common.h, {@code quantize_row_q5_1_ref} in ggml-quants.c.
 */
final class Q5_1 extends BlockCodec {
  Q5_1() {
    super(TensorType.Q5_1);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    float m = Bytes.f16(b, at + 2);
    int qh = Bytes.i32(b, at + 4);
    for (int j = 0; j < 16; j++) {
      int q = b[at + 8 + j];
      y[to + j] = ((q & 15) | (qh >>> j & 1) << 4) * d + m;
      y[to + j + 16] = ((q >> 4 & 15) | (qh >>> (j + 16) & 1) << 4) * d + m;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, -15.5f * d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float min = Rounding.min(x, from, 32);
    float d = (Rounding.max(x, from, 32) - min) / 31;
    float inverse = Rounding.inverse(d);
    int qh = 0;
    for (int j = 0; j < 16; j++) {
      int low = Rounding.truncate((x[from + j] - min) * inverse + 0.5f);
      int high = Rounding.truncate((x[from + j + 16] - min) * inverse + 0.5f);
      b[at + 8 + j] = (byte) ((low & 15) | high << 4);
      qh |= (low >> 4 & 1) << j | (high >> 4 & 1) << (j + 16);
    }
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, min);
    Bytes.putI32(b, at + 4, qh);
  }
}
