package dev.nearside.engine.eval;

import java.util.Arrays;

/**
 * How far a model is from a base model on a text, with the statistics of {@code llama-perplexity
 * --kl-divergence}.
 *
 * @param tokens tokens scored
 * @param perplexity of the model
 * @param basePerplexity of the base model
 * @param logRatio log of their quotient
 * @param kl KL divergence per token, in nats
 * @param maxKl the largest
 * @param p999Kl the 99.9th percentile
 * @param p99Kl the 99th percentile
 * @param medianKl the median
 * @param deltaProbability root of the mean squared difference of the text's tokens' probabilities
 * @param sameTop share of tokens for which both models rank the same token first
 */
public record Divergence(
    int tokens,
    Estimate perplexity,
    Estimate basePerplexity,
    Estimate logRatio,
    Estimate kl,
    double maxKl,
    double p999Kl,
    double p99Kl,
    double medianKl,
    Estimate deltaProbability,
    Estimate sameTop) {

  /** What was found per token. */
  static final class Samples {
    final double[] nll;
    final double[] baseNll;
    final double[] kl;
    final double[] deltaSquared;
    final boolean[] isSameTop;

    Samples(int tokens) {
      nll = new double[tokens];
      baseNll = new double[tokens];
      kl = new double[tokens];
      deltaSquared = new double[tokens];
      isSameTop = new boolean[tokens];
    }
  }

  static Divergence of(Samples s) {
    Estimate nll = Estimate.mean(s.nll);
    Estimate base = Estimate.mean(s.baseNll);
    double variance =
        nll.error() * nll.error()
            + base.error() * base.error()
            - 2 * Estimate.covariance(s.nll, s.baseNll);
    double[] sorted = s.kl.clone();
    Arrays.sort(sorted);
    int same = 0;
    for (boolean is : s.isSameTop) {
      same += is ? 1 : 0;
    }
    return new Divergence(
        s.nll.length,
        nll.exp(),
        base.exp(),
        new Estimate(nll.value() - base.value(), Math.sqrt(Math.max(0, variance))),
        Estimate.mean(s.kl),
        sorted[sorted.length - 1],
        percentile(sorted, 0.999),
        percentile(sorted, 0.99),
        percentile(sorted, 0.5),
        root(Estimate.mean(s.deltaSquared)),
        Estimate.share(same, s.nll.length));
  }

  /** Between neighbours, linearly. */
  static double percentile(double[] sorted, double fraction) {
    double at = fraction * (sorted.length - 1);
    int below = (int) at;
    double rest = at - below;
    return (1 - rest) * sorted[below] + rest * sorted[Math.min(below + 1, sorted.length - 1)];
  }

  private static Estimate root(Estimate square) {
    double value = Math.sqrt(square.value());
    return new Estimate(value, value == 0 ? 0 : 0.5 / value * square.error());
  }
}
