package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * bfloat16, little-endian: the upper half of a binary32.
 *
 * <p>Encoding rounds to nearest, ties to even; a NaN becomes quiet and stays NaN.
 */
final class Bf16 extends BlockCodec {
  Bf16() {
    super(TensorType.BF16);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    y[to] = Float.intBitsToFloat(Bytes.u16(b, at) << 16);
  }

  @Override
  void decodeChunk(byte[] b, float[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Float.intBitsToFloat(Bytes.u16(b, 2 * i) << 16);
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    Bytes.putU16(b, at, round(RandomBlocks.normal(d, dice)));
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    Bytes.putU16(b, at, round(x[from]));
  }

  @Override
  void encodeChunk(float[] x, int from, byte[] b, int count) {
    for (int i = 0; i < count; i++) {
      Bytes.putU16(b, 2 * i, round(x[from + i]));
    }
  }

  static int round(float v) {
    int bits = Float.floatToRawIntBits(v);
    if ((bits & 0x7fff_ffff) > 0x7f80_0000) {
      return bits >>> 16 | 0x40;
    }
    return (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16;
  }
}
