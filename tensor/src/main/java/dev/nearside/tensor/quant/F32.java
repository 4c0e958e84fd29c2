package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/** IEEE binary32, little-endian; passes through bit for bit, NaN payloads too. */
final class F32 extends BlockCodec {
  F32() {
    super(TensorType.F32);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    y[to] = Bytes.f32(b, at);
  }

  @Override
  void decodeChunk(byte[] b, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Bytes.f32(b, 4 * i);
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putF32(b, at, RandomBlocks.normal(d, dice));
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    Bytes.putF32(b, at, x[from]);
  }

  @Override
  void encodeChunk(float[] x, int from, byte[] b, int count) {
    for (int i = 0; i < count; i++) {
      Bytes.putF32(b, 4 * i, x[from + i]);
    }
  }
}
