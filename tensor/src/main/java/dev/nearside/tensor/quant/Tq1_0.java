package dev.nearside.tensor.quant;

import dev.nearside.tensor.TensorType;

/**
 * 256 ternary weights in 54 bytes (1.6875 bits each): {@code w = d * (t - 1)}, t of 0, 1, 2.
 *
 * <pre>
 *  0                     32            48     52     54
 *  +---------------------+-------------+------+------+
 *  | qs 32 × 5 weights   | qs 16 × 5   | qh   | d    |   d  float16
 *  +---------------------+-------------+------+------+
 *  byte m of a part of W bytes holds the weights m, m + W, m + 2 W … of that part: five in qs,
 *  four in qh (W = 4)
 * </pre>
 *
 * <p>Five trits make a number v of 0 … 242, the first weight its highest trit (qh has 0 as the
 * fifth). The byte is {@code ceil(v * 256 / 243)}, the fraction v / 243 in 8 bits: multiplying the
 * byte by 3ⁿ modulo 256 drops n trits, and {@code byte * 3 >> 8} is then the highest one left. So
 * every byte decodes, even the 13 that are never written.
 *
 * <p>Encoding: {@code d = max|x|}, {@code t = round(x / d) + 1}, halves away from zero.
 *
 * <p>Source: {@code block_tq1_0} in ggml-common.h, {@code quantize_row_tq1_0_ref} in ggml-quants.c.
 */
final class Tq1_0 extends BlockCodec {
  Tq1_0() {
    super(TensorType.TQ1_0);
  }

  @Override
  void decodeBlock(byte[] b, int at, float[] y, int to) {
    float d = Bytes.f16(b, at + 52);
    decodePart(b, at, 32, 5, d, y, to);
    decodePart(b, at + 32, 16, 5, d, y, to + 160);
    decodePart(b, at + 48, 4, 4, d, y, to + 240);
  }

  private static void decodePart(
      byte[] b, int at, int width, int trits, float d, float[] y, int to) {
    int power = 1;
    for (int n = 0; n < trits; n++) {
      for (int m = 0; m < width; m++) {
        int trit = ((b[at + m] * power & 0xff) * 3) >> 8;
        y[to + n * width + m] = (trit - 1) * d;
      }
      power *= 3;
    }
  }

  @Override
  void shapeRandom(byte[] b, int at, float d, long dice) {
    for (int i = 0; i < 52; i++) {
      int u = Bytes.u8(b, at + i);
      int v = i < 48 ? (u * 243) >> 8 : ((u * 81) >> 8) * 3;
      b[at + i] = (byte) ((v * 256 + 242) / 243);
    }
    Bytes.putF16(b, at + 52, d);
  }

  @Override
  void encodeBlock(float[] x, int from, byte[] b, int at) {
    float d = Rounding.maxMagnitude(x, from, 256);
    float inverse = Rounding.inverse(d);
    encodePart(x, from, inverse, b, at, 32, 5);
    encodePart(x, from + 160, inverse, b, at + 32, 16, 5);
    encodePart(x, from + 240, inverse, b, at + 48, 4, 4);
    Bytes.putF16(b, at + 52, d);
  }

  private static void encodePart(
      float[] x, int from, float inverse, byte[] b, int at, int width, int trits) {
    for (int m = 0; m < width; m++) {
      int v = 0;
      for (int n = 0; n < trits; n++) {
        v = v * 3 + trit(x[from + n * width + m], inverse) & 0xff;
      }
      if (trits == 4) {
        v = v * 3 & 0xff;
      }
      b[at + m] = (byte) ((v * 256 + 242) / 243);
    }
  }

  /** 0, 1 or 2; what has no code becomes 1, that is zero. */
  static int trit(float v, float inverse) {
    float rounded = Rounding.halfAway(v * inverse);
    return Math.abs(rounded) < 0x1p63f ? (int) (long) rounded + 1 : 1;
  }
}
