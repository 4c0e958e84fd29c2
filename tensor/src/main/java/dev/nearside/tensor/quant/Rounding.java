package dev.nearside.tensor.quant;

/**
 * How ggml's reference quantisers turn floats into codes, on values that have a code and on those
 * that have none: C leaves the conversion of NaN and infinity undefined, ggml on x86-64 yields
 * {@code Integer.MIN_VALUE} (low byte 0), and so do we.
 */
final class Rounding {
  private Rounding() {}

  /** {@code (int) v} as {@code cvttss2si} does it. */
  static int truncate(float v) {
    return v >= 0x1p31f || Float.isNaN(v) ? Integer.MIN_VALUE : (int) v;
  }

  /** {@code roundf}: to the nearest integer, halves away from zero. */
  static float halfAway(float v) {
    float magnitude = Math.abs(v);
    if (!(magnitude < 0x1p23f)) {
      return v;
    }
    int whole = (int) magnitude;
    if (magnitude - whole >= 0.5f) {
      whole++;
    }
    return Math.copySign(whole, v);
  }

  /**
   * The reciprocal by which values are multiplied; 0 for a scale of 0. A subnormal scale gives an
   * infinity: its block then gets the codes of {@link #truncate}.
   */
  static float inverse(float d) {
    return d == 0 ? 0f : 1f / d;
  }

  /**
   * The largest magnitude of a block. A NaN makes it forget what came before, as ggml's {@code MAX}
   * macro does.
   */
  static float maxMagnitude(float[] x, int from, int count) {
    float max = 0f;
    for (int i = 0; i < count; i++) {
      float magnitude = Math.abs(x[from + i]);
      max = max > magnitude ? max : magnitude;
    }
    return max;
  }

  /** The first value with the largest magnitude, sign kept; 0 when all are 0 or NaN. */
  static float extreme(float[] x, int from, int count) {
    float max = 0f;
    float extreme = 0f;
    for (int i = 0; i < count; i++) {
      float v = x[from + i];
      float magnitude = Math.abs(v);
      if (max < magnitude) {
        max = magnitude;
        extreme = v;
      }
    }
    return extreme;
  }

  /** The smallest value that is not NaN; {@code Float.MAX_VALUE} when there is none. */
  static float min(float[] x, int from, int count) {
    float min = Float.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      float v = x[from + i];
      min = v < min ? v : min;
    }
    return min;
  }

  /** The largest value that is not NaN; {@code -Float.MAX_VALUE} when there is none. */
  static float max(float[] x, int from, int count) {
    float max = -Float.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      float v = x[from + i];
      max = v > max ? v : max;
    }
    return max;
  }
}
