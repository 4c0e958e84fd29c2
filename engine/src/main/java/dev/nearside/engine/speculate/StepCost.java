package dev.nearside.engine.speculate;

/** What a step of so many tokens costs on this machine, by the steps that were computed lately. */
final class StepCost {
  /** Tokens of the largest step that is looked at. */
  static final int MOST = 32;

  private static final double WEIGHT = 0.2;
  private static final double GUESSED_SLOPE = 0.25; // of a step's cost, for each further token
  private static final double LEAST_SLOPE = 0.02; // whatever a noisy machine measures
  private static final long OLD = 400; // steps after which a measurement is doubted

  private final double[] nanos = new double[MOST + 1];
  private final long[] stamps = new long[MOST + 1];
  private long steps;

  void measured(int tokens, long took) {
    steps++;
    if (tokens > MOST) {
      return;
    }
    // One hiccup is not the rule, nor is code that is not compiled yet.
    double old = known(tokens);
    double bound = old != 0 ? 2 * old : 3 * of(tokens);
    double clamped = bound == 0 ? took : Math.min((double) took, bound);
    nanos[tokens] = old == 0 ? clamped : old + WEIGHT * (clamped - old);
    stamps[tokens] = steps;
  }

  /** What {@code more} tokens cost beside {@code tokens}, in nanoseconds: never nothing. */
  double extra(int tokens, int more) {
    double without = of(tokens);
    return Math.max(of(tokens + more) - without, LEAST_SLOPE * more * without);
  }

  /** Nanoseconds; 0 while nothing is known. */
  double of(int tokens) {
    if (tokens > MOST) {
      return of(MOST) * guess(tokens) / guess(MOST); // nothing is guessed beside so many
    }
    double exact = known(tokens);
    if (exact != 0) {
      return exact;
    }
    for (int distance = 1; distance < MOST; distance++) {
      for (int near : new int[] {tokens - distance, tokens + distance}) {
        double other = near >= 1 && near <= MOST ? known(near) : 0;
        if (other != 0) {
          return other * guess(tokens) / guess(near);
        }
      }
    }
    return 0;
  }

  private double known(int tokens) {
    return nanos[tokens] != 0 && steps - stamps[tokens] < OLD ? nanos[tokens] : 0;
  }

  private static double guess(int tokens) {
    return 1 + GUESSED_SLOPE * (tokens - 1);
  }
}
