package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 64 weights in 36 bytes (4.5 bits each), 4 sub-blocks of 16: {@code w = (ue4m3[d] / 2) * fp4[q]},
 * with the doubled four-bit floats of {@link Fp4}. Files hold one more float32 factor per tensor
 * beside it.
 *
 * <pre>
 *  0          4                                36
 *  +----------+--------------------------------+
 *  | d        | qs                             |   d   UE4M3: one byte for each sub-block
 *  +----------+--------------------------------+
 *  qs  eight bytes for each sub-block s: byte j holds q[16 s + j] in its low nibble,
 *      q[16 s + 8 + j] in its high nibble
 *
 *  UE4M3: four bits of exponent (bias 7), three of fraction, no sign (the top bit is not read);
 *  127 is 0 here
 * </pre>
 *
 * <p>Encoding: {@code d = max|x| / 6} in UE4M3, halves up, 448 from 248 on; codes are the nearest.
 *
 * <p>Source: {@code block_nvfp4} in ggml-common.h, {@code quantize_row_nvfp4_ref} in ggml-quants.c,
 * {@code ggml_ue4m3_to_fp32} in ggml-impl.h.
 */
final class Nvfp4 extends BlockCodec {
  private static final float[] SCALES = scales();

  Nvfp4() {
    super(TensorType.NVFP4);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    for (int sub = 0; sub < 4; sub++) {
      float d = scale(Bytes.u8(b, at + sub));
      int qs = at + 4 + sub * 8;
      int out = to + sub * 16;
      for (int j = 0; j < 8; j++) {
        int q = b[qs + j];
        y[out + j] = Fp4.value(q & 15) * d;
        y[out + j + 8] = Fp4.value(q >> 4 & 15) * d;
      }
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    for (int sub = 0; sub < 4; sub++) {
      b[at + sub] =
          (byte) RandomBlocks.between(Nvfp4::scale, 0, 0x7e, d, Long.rotateLeft(dice, 16 * sub));
    }
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    for (int sub = 0; sub < 4; sub++) {
      int first = from + sub * 16;
      int code = round(Math.abs(Rounding.extreme(x, first, 16)) / 6);
      float d = scale(code);
      b[at + sub] = (byte) code;
      for (int j = 0; j < 8; j++) {
        int low = Fp4.nearest(x[first + j], d);
        int high = Fp4.nearest(x[first + j + 8], d);
        b[at + 4 + sub * 8 + j] = (byte) (low | high << 4);
      }
    }
  }

  /** Half of what the UE4M3 byte says. */
  static float scale(int code) {
    return SCALES[code];
  }

  /**
   * The UE4M3 byte of {@code v >= 0}: nearest, halves up. What reaches the exponent of 256 becomes
   * 448 (0x7e), as in ggml.
   */
  private static int round(float v) {
    if (!(v > 0f)) {
      return 0;
    }
    if (v < 0x1p-6f) {
      return Math.min(7, (int) (v * 512f + 0.5f));
    }
    // Seven bits of exponent and fraction stay; the first bit that is cut off rounds up.
    int bits = Float.floatToRawIntBits(v);
    int rounded = (bits >>> 20) + (bits >>> 19 & 1) - ((127 - 7) << 3);
    return rounded < 15 << 3 ? rounded : 0x7e;
  }

  private static float[] scales() {
    float[] table = new float[256];
    for (int code = 0; code < 256; code++) {
      int exponent = code >> 3 & 15;
      int fraction = code & 7;
      float value =
          exponent == 0 ? fraction * 0x1p-9f : Math.scalb(1f + fraction / 8f, exponent - 7);
      table[code] = code == 0x7f ? 0f : value / 2;
    }
    return table;
  }
}
