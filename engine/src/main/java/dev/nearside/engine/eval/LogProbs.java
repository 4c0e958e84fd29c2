package dev.nearside.engine.eval;

/**
 * The softmax arithmetic of perplexity, row by row: what {@code log_softmax} in llama.cpp's
 * tools/perplexity/perplexity.cpp computes, in its formulas and precisions, but with an exponential
 * of our own ({@code |error| ≤ 2 ulp}) in loops that need no branches.
 */
final class LogProbs {
  /** Log-probabilities this far below the largest are not told apart. */
  static final float FLOOR = 16f;

  private static final float LOG2E = 1.442695f;
  // ln 2 in two parts: the high one has few enough bits for its products to be exact.
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.12194440e-4f;
  // Adding it leaves the rounded integer in the low bits.
  private static final float ROUNDER = 12582912f;
  private static final float SMALLEST = -87f;
  private static final int CHUNK = 1024;

  private final float[] exps = new float[CHUNK];

  /**
   * What a row of logits needs for log-probabilities.
   *
   * @param best where the largest logit stands, the first one of equals
   * @param sumExp sum of {@code exp(logit - max)}
   */
  record Row(float max, float min, int best, double sumExp) {
    float logSumExp() {
      return (float) Math.log(sumExp);
    }
  }

  Row read(float[] logits) {
    float max = logits[0];
    float min = logits[0];
    for (float v : logits) {
      max = Math.max(max, v);
      min = Math.min(min, v);
    }
    int best = 0;
    while (best < logits.length - 1 && logits[best] != max) {
      best++;
    }
    return new Row(max, min, best, sumExp(logits, max));
  }

  private double sumExp(float[] logits, float max) {
    double sum = 0;
    for (int at = 0; at < logits.length; at += CHUNK) {
      int count = Math.min(CHUNK, logits.length - at);
      for (int i = 0; i < count; i++) {
        exps[i] = exp(logits[at + i] - max);
      }
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      int i = 0;
      for (; i + 3 < count; i += 4) {
        a += exps[i];
        b += exps[i + 1];
        c += exps[i + 2];
        d += exps[i + 3];
      }
      for (; i < count; i++) {
        a += exps[i];
      }
      sum += (a + b) + (c + d);
    }
    return sum;
  }

  /**
   * KL divergence of a row from a base row: {@code sum p_base (log p_base - log p)} over the tokens
   * whose base log-probability is above −16.
   *
   * @param logNorm log of the row's normaliser: its largest logit plus {@link Row#logSumExp}
   */
  double divergence(float[] logits, float logNorm, LogitsFile.Row base) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      float p = base.logProb(i);
      if (p > -FLOOR) {
        sum += exp(p) * (p - logits[i] + logNorm);
      }
    }
    return sum;
  }

  /**
   * {@code e^x} for {@code x ≤ 88}; below −87 it stays at {@code e^-87}. Cody and Waite's reduction
   * and the polynomial of Cephes' expf.
   */
  static float exp(float x) {
    float v = Math.max(x, SMALLEST);
    float t = Math.fma(v, LOG2E, ROUNDER);
    float n = t - ROUNDER;
    float r = Math.fma(-n, LN2_LOW, Math.fma(-n, LN2_HIGH, v));
    float p = 0.00019875691f;
    p = Math.fma(p, r, 0.0013981999f);
    p = Math.fma(p, r, 0.008333452f);
    p = Math.fma(p, r, 0.041665796f);
    p = Math.fma(p, r, 0.16666666f);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r * r, r) + 1f;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << 23));
  }
}
