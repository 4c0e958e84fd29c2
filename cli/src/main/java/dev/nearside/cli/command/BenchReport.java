package dev.nearside.cli.command;

import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedStats;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.engine.power.EnergyProbe;
import dev.nearside.engine.power.PowerBudget;
import dev.nearside.model.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How measured speeds are printed.
 *
 * @param energy counts what runs take
 * @param budget of power, or null
 */
record BenchReport(
    String model,
    LoadedModel loaded,
    String cpu,
    EnergyProbe energy,
    @Nullable PowerBudget budget) {
  /**
   * One test's results.
   *
   * @param samples tokens per second of each run
   */
  record Line(SpeedSpec spec, List<Double> samples, BenchEnergy joules, SpeedTest.WarmUp warmUp) {}

  /** What was measured on what. */
  Map<String, Object> head() {
    ModelInfo info = loaded.model().info();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", model);
    json.put("architecture", info.architecture());
    json.put("parameters", info.parameters());
    json.put("weight_bytes", info.weightBytes());
    json.put("cpu", cpu);
    json.put("kernels", loaded.kernels());
    json.put("kernels_reason", loaded.kernelsReason());
    json.put("numerics", numerics());
    json.put("threads", loaded.threads());
    json.put("power_budget", budget == null ? null : budget.toString());
    json.put("energy_source", energy.source());
    json.put("energy_obstacle", energy.obstacle());
    return json;
  }

  /** One object per test. */
  List<Map<String, Object>> json(List<Line> lines) {
    List<Map<String, Object>> out = new ArrayList<>();
    for (Line line : lines) {
      SpeedStats stats = SpeedStats.of(line.samples);
      SpeedSpec spec = line.spec;
      boolean isPrompt = spec.kind() == SpeedSpec.Kind.PROMPT;
      Map<String, Object> json = head();
      json.put("test", spec.name());
      json.put("n_prompt", isPrompt ? spec.tokens() : 0);
      json.put("n_gen", isPrompt ? 0 : spec.tokens());
      json.put("n_depth", spec.depth());
      json.put("avg_ts", stats.mean());
      json.put("stddev_ts", stats.deviation());
      json.put("samples_ts", line.samples);
      json.put("avg_joules_per_token", line.joules.mean());
      json.put("samples_joules_per_token", line.joules.samples());
      json.put("warm_up", warmUp(line.warmUp));
      out.add(json);
    }
    return out;
  }

  static Map<String, Object> warmUp(SpeedTest.WarmUp warmUp) {
    return Map.of("rounds", warmUp.rounds(), "seconds", warmUp.seconds());
  }

  /** A line of names and a line per test. */
  String csv(List<Line> lines) {
    StringBuilder out =
        new StringBuilder(
            "model,cpu,kernels,numerics,threads,test,avg_ts,stddev_ts,joules_per_token\n");
    for (Line line : lines) {
      SpeedStats stats = SpeedStats.of(line.samples);
      out.append(
          String.join(
              ",",
              quoted(model),
              quoted(cpu),
              loaded.kernels(),
              numerics(),
              String.valueOf(loaded.threads()),
              line.spec.name(),
              String.format(Locale.ROOT, "%.3f", stats.mean()),
              String.format(Locale.ROOT, "%.3f", stats.deviation()),
              line.joules.cell()));
      out.append('\n');
    }
    return out.toString();
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }

  /** A table in Markdown, as llama-bench prints it. */
  String table(List<Line> lines) {
    ModelInfo info = loaded.model().info();
    StringBuilder out = new StringBuilder(machine()).append('\n');
    boolean isCounted = lines.stream().anyMatch(line -> line.joules.isCounted());
    String row = "| %-32s | %9s | %8s | %7s | %12s | %18s |" + (isCounted ? " %12s |%n" : "%n");
    out.append(
        row.formatted("model", "weights", "params", "threads", "test", "tokens/s", "joules/token"));
    out.append("| --- | ---: | ---: | ---: | ---: | ---: |").append(isCounted ? " ---: |\n" : "\n");
    for (Line line : lines) {
      SpeedStats stats = SpeedStats.of(line.samples);
      out.append(
          String.format(
              Locale.ROOT,
              row,
              model,
              Sizes.bytes(info.weightBytes()),
              count(info.parameters()),
              loaded.threads(),
              line.spec.name(),
              String.format(Locale.ROOT, "%.2f ± %.2f", stats.mean(), stats.deviation()),
              line.joules.cell()));
    }
    return out.toString();
  }

  private static String count(long parameters) {
    return parameters < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f M", parameters / 1e6)
        : String.format(Locale.ROOT, "%.2f B", parameters / 1e9);
  }

  private String numerics() {
    return NumericsFlag.name(loaded.numerics());
  }

  /**
   * CPU, kernels, numerics, budget; on a line of its own what counts energy, or why nothing does.
   */
  String machine() {
    return "cpu: "
        + cpu
        + "; kernels: "
        + loaded.kernels()
        + " ("
        + loaded.kernelsReason()
        + "); numerics: "
        + numerics()
        + (budget == null ? "" : "; power budget: " + budget)
        + '\n'
        + BenchEnergy.line(energy);
  }
}
