package dev.nearside.engine.sample;

import java.util.stream.IntStream;

/** Samplers that drop unlikely candidates. */
final class Truncation {
  private Truncation() {}

  /** Keeps the {@code k} most likely. */
  static SamplerStep topK(int k) {
    return (c, history) -> c.keepTop(k);
  }

  /**
   * Nucleus sampling (Holtzman et al. 2020): the smallest set that reaches probability {@code p}.
   */
  static SamplerStep topP(float p) {
    return (c, history) -> {
      c.sort();
      c.computeProbabilities();
      double sum = 0;
      int kept = 0;
      while (kept < c.size()) {
        sum += c.probability(kept++);
        if (sum >= p) {
          break;
        }
      }
      c.truncate(kept);
    };
  }

  /** Keeps those at least {@code p} times as likely as the most likely. */
  static SamplerStep minP(float p) {
    double distance = StrictMath.log(p);
    return (c, history) -> {
      c.sort();
      double least = c.logit(0) + distance;
      int kept = 1;
      while (kept < c.size() && c.logit(kept) >= least) {
        kept++;
      }
      c.truncate(kept);
    };
  }

  /**
   * Locally typical sampling (Meister et al. 2022): those whose surprise is nearest to the entropy,
   * up to probability {@code p}.
   */
  static SamplerStep typical(float p) {
    return (c, history) -> {
      c.sort();
      c.computeProbabilities();
      double entropy = 0;
      for (int i = 0; i < c.size(); i++) {
        if (c.probability(i) > 0) {
          entropy -= c.probability(i) * StrictMath.log(c.probability(i));
        }
      }
      double[] shift = new double[c.size()];
      for (int i = 0; i < shift.length; i++) {
        shift[i] = Math.abs(-StrictMath.log(c.probability(i)) - entropy);
      }
      int[] order =
          IntStream.range(0, c.size())
              .boxed()
              .sorted((a, b) -> Double.compare(shift[a], shift[b]))
              .mapToInt(Integer::intValue)
              .toArray();
      boolean[] isKept = new boolean[c.size()];
      double sum = 0;
      for (int i : order) {
        isKept[i] = true;
        sum += c.probability(i);
        if (sum > p) {
          break;
        }
      }
      c.keep(isKept);
    };
  }

  /**
   * Exclude top choices: with probability {@code probability}, drops all candidates of at least
   * {@code threshold} but the least likely of them.
   */
  static SamplerStep xtc(float probability, float threshold, PositionRandom random) {
    return (c, history) -> {
      if (random.at(history.length(), PositionRandom.Purpose.XTC) >= probability) {
        return;
      }
      c.sort();
      c.computeProbabilities();
      int above = 0;
      while (above < c.size() && c.probability(above) >= threshold) {
        above++;
      }
      if (above > 1) {
        c.dropFirst(above - 1);
      }
    };
  }
}
