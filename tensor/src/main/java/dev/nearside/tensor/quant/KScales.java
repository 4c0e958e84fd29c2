package dev.nearside.tensor.quant;

/**
 * The eight 6-bit scales and eight 6-bit minimums of Q4_K and Q5_K, in 12 bytes.
 *
 * <pre>
 *  byte      bits 7..6          bits 5..0
 *  0 … 3     sc[4 + i] high     sc[i]
 *  4 … 7     mn[4 + i] high     mn[i]
 *            bits 7..4          bits 3..0
 *  8 … 11    mn[4 + i] low      sc[4 + i] low
 * </pre>
 *
 * <p>Source: {@code get_scale_min_k4} in ggml-quants.c.
 */
final class KScales {
  private KScales() {}

  /** The scale of sub-block {@code sub}; {@code at} is the first of the 12 bytes. */
  static int scale(byte[] b, int at, int sub) {
    return sub < 4 ? b[at + sub] & 63 : (b[at + 4 + sub] & 15) | (b[at + sub - 4] >> 6 & 3) << 4;
  }

  /** The minimum of sub-block {@code sub}; {@code at} is the first of the 12 bytes. */
  static int min(byte[] b, int at, int sub) {
    return sub < 4
        ? b[at + 4 + sub] & 63
        : (b[at + 4 + sub] >> 4 & 15) | (b[at + sub] >> 6 & 3) << 4;
  }

  /** Gives every sub-block its scale as minimum; {@code at} is the first of the 12 bytes. */
  static void copyScalesToMins(byte[] b, int at) {
    for (int i = 0; i < 4; i++) {
      b[at + 4 + i] = b[at + i];
      b[at + 8 + i] = (byte) ((b[at + 8 + i] & 15) * 0x11);
    }
  }
}
