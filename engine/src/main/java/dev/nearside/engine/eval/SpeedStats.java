package dev.nearside.engine.eval;

import java.util.Arrays;
import java.util.List;

/** Small statistics over repeated measurements. */
public record SpeedStats(double mean, double deviation, double median, double min, double max) {
  /** Of at least one value; the deviation is that of a sample. */
  public static SpeedStats of(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    double mean = Arrays.stream(sorted).average().orElseThrow();
    double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    double deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : 0;
    return new SpeedStats(mean, deviation, median, sorted[0], sorted[n - 1]);
  }
}
