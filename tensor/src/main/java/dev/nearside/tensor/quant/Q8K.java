package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 values in 292 bytes (9.125 bits each): {@code w = d * q}. ggml rounds activations to it; no
 * model file holds weights of it.
 *
 * <pre>
 *  0          4                  260            292
 *  +----------+------------------+--------------+
 *  | d        | qs               | bsums        |   d      float32
 *  +----------+------------------+--------------+   qs     int8, in order
 *                                                   bsums  int16: sums of 16 q, not decoded
 * </pre>
 *
 * <p>Source: {@code block_q8_K} in ggml-common.h.
 */
final class Q8K extends BlockFormat {
  Q8K() {
    super(TensorType.Q8_K);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f32(b, at);
    for (int j = 0; j < 256; j++) {
      y[to + j] = b[at + 4 + j] * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    for (int i = 0; i < 16; i++) {
      int sum = RandomBlocks.symmetric(b, at + 4 + i * 16, 16);
      Bytes.putU16(b, at + 260 + 2 * i, sum);
    }
    Bytes.putF32(b, at, d);
  }
}
