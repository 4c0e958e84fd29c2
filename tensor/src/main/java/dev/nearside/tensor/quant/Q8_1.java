package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 values in 36 bytes (9 bits each): {@code w = d * q}. ggml rounds activations to it; no model
 * file holds weights of it.
 *
 * <pre>
 *  0      2      4                                  36
 *  +------+------+----------------------------------+
 *  | d    | s    | qs                               |   d   float16
 *  +------+------+----------------------------------+   s   float16: d * sum of q, not decoded
 *                                                       qs  int8, in order
 * </pre>
 *
 * <p>Source: {@code block_q8_1} in ggml-common.h.
 */
final class Q8_1 extends BlockFormat {
  Q8_1() {
    super(TensorType.Q8_1);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at);
    for (int j = 0; j < 32; j++) {
      y[to + j] = b[at + 4 + j] * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    int sum = RandomBlocks.symmetric(b, at + 4, 32);
    Bytes.putF16(b, at, d);
    Bytes.putF16(b, at + 2, sum * d);
  }
}
