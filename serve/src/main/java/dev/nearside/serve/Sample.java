package dev.nearside.serve;

import java.util.Map;

/**
 * A number that {@code /metrics} shows and that somebody else knows.
 *
 * @param name as Prometheus has it; one that ends in {@code _total} is a counter, others are gauges
 * @param help one line for people
 */
public record Sample(String name, String help, Map<String, String> labels, double value) {
  public Sample {
    labels = Map.copyOf(labels);
  }
}
