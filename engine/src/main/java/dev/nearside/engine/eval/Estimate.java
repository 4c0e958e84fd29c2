package dev.nearside.engine.eval;

/**
 * A mean over tokens and its standard error, as llama.cpp's {@code mean_and_uncertainty}.
 *
 * @param error 0 for ten values or fewer
 */
public record Estimate(double value, double error) {
  private static final int ENOUGH = 10;

  static Estimate mean(double[] values) {
    if (values.length == 0) {
      return new Estimate(0, 0);
    }
    double sum = 0;
    double squares = 0;
    for (double v : values) {
      sum += v;
      squares += v * v;
    }
    double mean = sum / values.length;
    double variance = squares / values.length - mean * mean;
    boolean isKnown = variance > 0 && values.length > ENOUGH;
    return new Estimate(mean, isKnown ? Math.sqrt(variance / (values.length - 1)) : 0);
  }

  /** A share of {@code count} trials. */
  static Estimate share(int hits, int count) {
    double p = (double) hits / count;
    return new Estimate(p, count > 1 ? Math.sqrt(p * (1 - p) / (count - 1)) : 0);
  }

  /** The covariance of two means over the same tokens. */
  static double covariance(double[] a, double[] b) {
    if (a.length < ENOUGH) {
      return 0;
    }
    double meanA = mean(a).value();
    double meanB = mean(b).value();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return (sum / a.length - meanA * meanB) / (a.length - 1);
  }

  /** {@code e^value}, the error carried along. */
  Estimate exp() {
    double e = Math.exp(value);
    return new Estimate(e, e * error);
  }
}
