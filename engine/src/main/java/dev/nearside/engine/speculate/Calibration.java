package dev.nearside.engine.speculate;

import org.jspecify.annotations.Nullable;

/**
 * How often a draft model is right, by how sure it is: what a probability is worth depends on the
 * pair of models, on how the tokens are sampled, and on the text.
 */
final class Calibration {
  private static final float[] BOUNDS = {0.3f, 0.5f, 0.7f, 0.85f, 0.95f}; // of the classes
  private static final double[] RIGHT = {0.15, 0.35, 0.55, 0.7, 0.85, 0.95}; // at first
  private static final double[] SHARE = {0.1, 0.15, 0.15, 0.15, 0.15, 0.3}; // of guesses, at first
  private static final double PRIOR = 4; // tokens that what is known elsewhere counts for
  private static final double FADE = 0.98;
  private static final double AGE = 0.9;

  private final @Nullable Calibration all;
  private final double[] right = new double[RIGHT.length];
  private final double[] tried = new double[RIGHT.length];
  private final double[] seen = new double[RIGHT.length];

  /**
   * @param all what is known of other sequences; hears of this one too. Null = nothing
   */
  Calibration(@Nullable Calibration all) {
    this.all = all;
  }

  /** The class of a probability. */
  static int classOf(float probability) {
    int c = 0;
    while (c < BOUNDS.length && probability >= BOUNDS[c]) {
      c++;
    }
    return c;
  }

  /** How likely a guess of this class is right. */
  double chance(int c) {
    double known = all == null ? RIGHT[c] : all.chance(c);
    return (PRIOR * known + right[c]) / (PRIOR + tried[c]);
  }

  /** How likely a guess is right before it is made. */
  double mean() {
    double sum = 0;
    for (int c = 0; c < RIGHT.length; c++) {
      sum += share(c) * chance(c);
    }
    return sum;
  }

  private double share(int c) {
    double total = PRIOR;
    for (double count : seen) {
      total += count;
    }
    double known = all == null ? SHARE[c] : all.share(c);
    return (PRIOR * known + seen[c]) / total;
  }

  /** A guess of this class was made. */
  void made(int c) {
    for (int i = 0; i < seen.length; i++) {
      seen[i] *= FADE;
    }
    seen[c]++;
    if (all != null) {
      all.made(c);
    }
  }

  /** It was checked. */
  void judged(int c, boolean isRight) {
    right[c] = right[c] * FADE + (isRight ? 1 : 0);
    tried[c] = tried[c] * FADE + 1;
    if (all != null) {
      all.judged(c, isRight);
    }
  }

  /** Doubts what is known, so that what did not pay is tried again after a while. */
  void age() {
    for (int c = 0; c < RIGHT.length; c++) {
      right[c] *= AGE;
      tried[c] *= AGE;
      seen[c] *= AGE;
    }
  }
}
