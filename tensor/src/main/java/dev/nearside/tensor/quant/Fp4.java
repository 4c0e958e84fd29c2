package dev.nearside.tensor.quant;

/**
 * Four-bit floats (E2M1: sign, two bits of exponent, one of fraction), doubled so that they are
 * integers; the scales of MXFP4 and NVFP4 are halved in return.
 *
 * <p>Source: OCP Microscaling Formats 1.0; {@code kvalues_fp4} in ggml-common.h.
 */
final class Fp4 {
  private static final byte[] VALUES = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

  private Fp4() {}

  /** Twice the value of a code of 0 … 15. */
  static int value(int code) {
    return VALUES[code];
  }

  /**
   * The code whose value times {@code d >= 0} is nearest to {@code v}; of equally near ones the
   * smaller magnitude; 0 for NaN, and never code 8, the negative zero.
   */
  static int nearest(float v, float d) {
    // A count of midpoints below v is twice as fast, but differs where d is 0 or far from v, and
    // where VALUES * d overflows.
    float magnitude = Math.abs(v);
    int best = 0;
    float bestError = magnitude;
    for (int code = 1; code < 8; code++) {
      float error = Math.abs(VALUES[code] * d - magnitude);
      if (error < bestError) {
        best = code;
        bestError = error;
      }
    }
    return best != 0 && v < 0 ? best + 8 : best;
  }
}
