package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 128 weights in 18 bytes (1.125 bits each): {@code w = ±d}.
 *
 * <pre>
 *  0      2                    18
 *  +------+--------------------+
 *  | d    | qs                 |   d   float16
 *  +------+--------------------+   qs  bit j % 8 of byte j / 8: 1 for +d, 0 for -d
 * </pre>
 *
 * <p>Encoding: {@code d} is the mean magnitude, summed in order in float32; the bit is {@code x >=
 * 0}.
 *
 * <p>Source: {@code block_q1_0} in ggml-common.h, {@code quantize_row_q1_0_ref} in ggml-quants.c.
 */
final class Q1_0 extends BlockCodec {
  Q1_0() {
    super(TensorType.Q1_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int j = 0; j < 128; j++) {
      y[to + j] = (b[at + 2 + (j >> 3)] >> (j & 7) & 1) != 0 ? d : -d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float sum = 0f;
    for (int j = 0; j < 128; j++) {
      sum += Math.abs(x[from + j]);
    }
    Bytes.putF16(b, at, sum / 128);
    for (int i = 0; i < 16; i++) {
      int bits = 0;
      for (int j = 0; j < 8; j++) {
        bits |= (x[from + 8 * i + j] >= 0f ? 1 : 0) << j;
      }
      b[at + 2 + i] = (byte) bits;
    }
  }
}
