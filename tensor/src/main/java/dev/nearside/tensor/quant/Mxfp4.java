package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 32 weights in 17 bytes (4.25 bits each): {@code w = 2^(e - 128) * fp4[q]}, with the doubled
 * four-bit floats of {@link Fp4}. OCP's MXFP4 in ggml's order of nibbles.
 *
 * <pre>
 *  0    1                    17
 *  +----+--------------------+
 *  | e  | qs                 |   e   E8M0: an exponent with bias 127; 255 is not treated as NaN
 *  +----+--------------------+   qs  byte j: q[j] low nibble, q[j + 16] high nibble
 * </pre>
 *
 * <p>Encoding: {@code e = floor(log2(max|x|)) - 2 + 127}, where log2 is rounded to float32 before
 * the floor (so that up to 44 values just below a power of two count as that power), as {@code
 * log2f} does. Below 2⁻¹²⁵ the exponent wraps to 254 or 255, as in ggml: all codes are then 0.
 *
 * <p>Source: {@code block_mxfp4} in ggml-common.h, {@code quantize_row_mxfp4_ref} in ggml-quants.c,
 * {@code ggml_e8m0_to_fp32_half} in ggml-impl.h.
 */
final class Mxfp4 extends BlockCodec {
  private static final double LN_2 = StrictMath.log(2);

  Mxfp4() {
    super(TensorType.MXFP4);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = scale(Bytes.u8(b, at));
    for (int j = 0; j < 16; j++) {
      int q = b[at + 1 + j];
      y[to + j] = Fp4.value(q & 15) * d;
      y[to + j + 16] = Fp4.value(q >> 4 & 15) * d;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    b[at] = (byte) RandomBlocks.between(Mxfp4::scale, 2, 253, d, dice);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    int e = exponent(Math.abs(Rounding.extreme(x, from, 32)));
    float d = scale(e);
    b[at] = (byte) e;
    for (int j = 0; j < 16; j++) {
      int low = Fp4.nearest(x[from + j], d);
      int high = Fp4.nearest(x[from + j + 16], d);
      b[at + 1 + j] = (byte) (low | high << 4);
    }
  }

  /** 2^(e - 128), half of what E8M0 says; subnormal for 0 and 1. */
  static float scale(int e) {
    return Float.intBitsToFloat(e < 2 ? 0x0020_0000 << e : (e - 1) << 23);
  }

  private static int exponent(float max) {
    if (!(max > 0f)) {
      return 0;
    }
    float log2 = (float) (StrictMath.log(max) / LN_2);
    return Rounding.truncate((float) Math.floor(log2) - 2 + 127) & 0xff;
  }
}
