package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * IEEE binary16, little-endian: sign, 5 bits of exponent (bias 15), 10 bits of fraction.
 *
 * <p>Encoding rounds to nearest, ties to even; from 65520 on it gives infinity.
 */
final class F16 extends BlockCodec {
  F16() {
    super(TensorType.F16);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    y[to] = Bytes.f16(b, at);
  }

  @Override
  void decodeChunk(byte[] b, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Bytes.f16(b, 2 * i);
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF16(b, at, RandomBlocks.normal(d, dice));
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    Bytes.putF16(b, at, x[from]);
  }

  @Override
  void encodeChunk(float[] x, int from, byte[] b, int count) {
    for (int i = 0; i < count; i++) {
      Bytes.putF16(b, 2 * i, x[from + i]);
    }
  }
}
