package dev.nearside.serve.metrics;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A family of counters. Labels come from outside in part (a model's name), so that there is a bound;
 * what is beyond it is counted together.
 */
final class Counters {
  private static final int MAX_SERIES = 1000;
  private static final Labels OTHERS = Labels.of("overflow", "true");

  private final String name;
  private final String help;
  private final Map<Labels, LongAdder> values = new ConcurrentHashMap<>();

  Counters(String name, String help) {
    this.name = name;
    this.help = help;
  }

  void add(Labels labels, long count) {
    Labels key = values.size() < MAX_SERIES || values.containsKey(labels) ? labels : OTHERS;
    values.computeIfAbsent(key, k -> new LongAdder()).add(count);
  }

  void write(Page page) {
    page.family(name, "counter", help);
    values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparing(Labels::text)))
        .forEach(e -> page.value(name, e.getKey(), e.getValue().sum()));
  }
}
