package dev.nearside.cli.command;

import dev.nearside.engine.eval.SpeedStats;
import dev.nearside.engine.power.EnergyProbe;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The energy of a test's runs.
 *
 * @param samples joules per token of each run; null where they were not counted throughout
 */
record BenchEnergy(@Nullable List<Double> samples) {
  /**
   * Of what was counted.
   *
   * @param joules per token of each run; NaN = not counted
   */
  static BenchEnergy of(List<Double> joules) {
    boolean isWhole = !joules.isEmpty() && joules.stream().noneMatch(j -> j.isNaN());
    return new BenchEnergy(isWhole ? List.copyOf(joules) : null);
  }

  boolean isCounted() {
    return samples != null;
  }

  /** Joules per token on average; null = not counted. */
  @Nullable Double mean() {
    return samples == null ? null : SpeedStats.of(samples).mean();
  }

  /** The mean as a table shows it; empty when not counted. */
  String cell() {
    Double mean = mean();
    return mean == null ? "" : String.format(Locale.ROOT, "%.4g", mean);
  }

  /** The mean behind a speed; empty when not counted. */
  String words() {
    return isCounted() ? " at " + cell() + " joules/token" : "";
  }

  /** What counts energy here, or why nothing does. */
  static String line(EnergyProbe probe) {
    String obstacle = probe.obstacle();
    return obstacle == null
        ? "energy: " + probe.source()
        : "energy: it can't be measured here: " + obstacle;
  }
}
