package dev.nearside.cli.command;

import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedStats;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.engine.power.EnergyProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Nearside against llama-bench on the same file and threads: once the one, once the other, so that
 * a machine that others use too is unfair to both alike. Loading is in neither's time; both warm
 * up. While llama-bench runs, Nearside's threads sleep.
 */
record BenchDuel(
    CliContext context, BenchReport report, LlamaBench rival, int runs, boolean isJson) {
  /** One test's results, pair by pair. */
  record Result(
      SpeedSpec spec,
      List<Double> ours,
      List<Double> theirs,
      BenchEnergy joules,
      SpeedTest.WarmUp warmUp,
      String build) {
    SpeedStats ratios() {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < ours.size(); i++) {
        ratios.add(ours.get(i) / theirs.get(i));
      }
      return SpeedStats.of(ratios);
    }
  }

  void run(List<SpeedSpec> specs) throws IOException, InterruptedException {
    List<Result> results = new ArrayList<>();
    try (ProgressLine progress = new ProgressLine(context, "measuring")) {
      for (int i = 0; i < specs.size(); i++) {
        results.add(measure(specs.get(i), i * runs, specs.size() * runs, progress));
      }
    }
    if (isJson) {
      List<Map<String, Object>> all = results.stream().map(this::json).toList();
      Json.print(context, all.size() == 1 ? all.getFirst() : all);
    } else {
      print(results);
    }
  }

  private Result measure(SpeedSpec spec, int done, int all, ProgressLine progress)
      throws IOException, InterruptedException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> joules = new ArrayList<>();
    String build = "?";
    try (SpeedTest test =
        new SpeedTest(report.loaded().model(), spec, report.loaded().numerics())) {
      progress.at(done, all, spec.name() + " (warming up)");
      SpeedTest.WarmUp warmUp = test.warmUp();
      for (int i = 0; i < runs; i++) {
        progress.at(done + i, all, spec.name());
        EnergyProbe.Used<Double> run = report.energy().during(test::run);
        ours.add(run.result());
        joules.add(run.joules() / spec.tokens());
        LlamaBench.Sample sample = rival.run(spec);
        theirs.add(sample.tokensPerSecond());
        build = sample.build();
      }
      return new Result(spec, ours, theirs, BenchEnergy.of(joules), warmUp, build);
    }
  }

  private Map<String, Object> json(Result r) {
    SpeedStats ratios = r.ratios();
    Map<String, Object> json = new LinkedHashMap<>(report.head());
    json.put("test", r.spec.name());
    json.put("runs", runs);
    json.put("llama_cpp_commit", r.build);
    json.put("warm_up", BenchReport.warmUp(r.warmUp));
    json.put("ours", r.ours);
    json.put("theirs", r.theirs);
    json.put("ours_joules_per_token", r.joules.samples());
    json.put("ratio_median", ratios.median());
    json.put("ratio_min", ratios.min());
    json.put("ratio_max", ratios.max());
    return json;
  }

  private void print(List<Result> results) {
    context.out().println(report.machine());
    for (Result r : results) {
      SpeedStats ours = SpeedStats.of(r.ours);
      SpeedStats theirs = SpeedStats.of(r.theirs);
      SpeedStats ratios = r.ratios();
      context
          .out()
          .printf(
              Locale.ROOT,
              "%s %s, %d threads: %.2f tokens/s%s, llama.cpp %s %.2f (medians of %d runs in turns);"
                  + " ratio %.3f (%.3f to %.3f)%n",
              report.model(),
              r.spec.name(),
              report.loaded().threads(),
              ours.median(),
              r.joules.words(),
              r.build,
              theirs.median(),
              runs,
              ratios.median(),
              ratios.min(),
              ratios.max());
      context
          .out()
          .printf(
              Locale.ROOT,
              "  warmed up in %d rounds, %.1f s (the Java runtime compiles the kernels)%n",
              r.warmUp.rounds(),
              r.warmUp.seconds());
    }
  }
}
