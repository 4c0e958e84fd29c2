package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/** IEEE binary64, little-endian, rounded to the nearest float32; too large becomes infinity. */
final class F64 extends BlockFormat {
  F64() {
    super(TensorType.F64);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    y[to] = (float) Bytes.f64(b, at);
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF64(b, at, RandomBlocks.normal(d, dice));
  }
}
