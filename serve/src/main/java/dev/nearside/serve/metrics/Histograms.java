package dev.nearside.serve.metrics;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** A family of histograms over the same buckets. */
final class Histograms {
  private static final int MAX_SERIES = 300;
  private static final Labels OTHERS = Labels.of("overflow", "true");

  private final String name;
  private final String help;
  private final double[] bounds;
  private final Map<Labels, Buckets> values = new ConcurrentHashMap<>();

  /**
   * @param bounds upper ends of the buckets, ascending; one without end follows
   */
  Histograms(String name, String help, double... bounds) {
    this.name = name;
    this.help = help;
    this.bounds = bounds.clone();
  }

  private static final class Buckets {
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    Buckets(int count) {
      counts = new LongAdder[count];
      for (int i = 0; i < count; i++) {
        counts[i] = new LongAdder();
      }
    }
  }

  void add(Labels labels, double value) {
    Labels key = values.size() < MAX_SERIES || values.containsKey(labels) ? labels : OTHERS;
    Buckets buckets = values.computeIfAbsent(key, k -> new Buckets(bounds.length + 1));
    int i = 0;
    while (i < bounds.length && value > bounds[i]) {
      i++;
    }
    buckets.counts[i].increment();
    buckets.sum.add(value);
  }

  void write(Page page) {
    page.family(name, "histogram", help);
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Labels::text)))
        .forEach(e -> write(page, e.getKey(), e.getValue()));
  }

  private void write(Page page, Labels labels, Buckets buckets) {
    long sofar = 0;
    for (int i = 0; i <= bounds.length; i++) {
      sofar += buckets.counts[i].sum();
      double bound = i < bounds.length ? bounds[i] : Double.POSITIVE_INFINITY;
      page.value(name + "_bucket", labels.with("le", Page.number(bound)), sofar);
    }
    page.value(name + "_sum", labels, buckets.sum.sum());
    page.value(name + "_count", labels, sofar);
  }
}
