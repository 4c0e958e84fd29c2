package dev.nearside.cli.command;

import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedStats;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.model.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How measured speeds are printed. */
record BenchReport(String model, LoadedModel loaded, String cpu) {
  /** One test's results. */
  record Line(SpeedSpec spec, List<Double> samples, SpeedTest.WarmUp warmUp) {}

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
        new StringBuilder("model,cpu,kernels,numerics,threads,test,avg_ts,stddev_ts\n");
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
              String.format(Locale.ROOT, "%.3f", stats.deviation())));
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
    String row = "| %-32s | %9s | %8s | %7s | %12s | %18s |%n";
    out.append(row.formatted("model", "weights", "params", "threads", "test", "tokens/s"));
    out.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
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
              String.format(Locale.ROOT, "%.2f ± %.2f", stats.mean(), stats.deviation())));
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

  /** CPU, kernels, numerics. */
  String machine() {
    return "cpu: "
        + cpu
        + "; kernels: "
        + loaded.kernels()
        + " ("
        + loaded.kernelsReason()
        + "); numerics: "
        + numerics();
  }
}
