package dev.nearside.cli.command;

import dev.nearside.chat.OutputFormat;
import dev.nearside.engine.eval.MaskCost;
import dev.nearside.engine.eval.MaskCost.Preparation;
import dev.nearside.engine.eval.MaskCost.Round;
import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedStats;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.engine.power.EnergyProbe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What following a format costs: the first request with it, and later ones, in turns with replies
 * without. Only the model is warm before the first request.
 */
record BenchMask(CliContext context, BenchReport report, int runs, int tokens, boolean isJson) {
  void run(OutputFormat format) {
    List<Round> structured = new ArrayList<>();
    List<Round> plain = new ArrayList<>();
    List<Double> structuredJoules = new ArrayList<>();
    List<Double> plainJoules = new ArrayList<>();
    Preparation preparation;
    try (ProgressLine progress = new ProgressLine(context, "measuring");
        MaskCost cost = new MaskCost(report.loaded(), tokens)) {
      progress.at(0, runs + 2L, "warming up");
      warmUp();
      cost.plain(0);
      preparation = cost.prepare(format);
      for (int i = 0; i <= runs; i++) {
        progress.at(i + 1, runs + 2L, i == 0 ? "the first request" : "later requests");
        long seed = i;
        structured.add(counted(() -> cost.structured(seed), structuredJoules));
        plain.add(counted(() -> cost.plain(seed), plainJoules));
      }
    }
    Round first = structured.removeFirst();
    plain.removeFirst();
    structuredJoules.removeFirst();
    plainJoules.removeFirst();
    BenchEnergy inFormat = BenchEnergy.of(structuredJoules);
    BenchEnergy without = BenchEnergy.of(plainJoules);
    if (isJson) {
      Map<String, Object> json = json(preparation, first, structured, plain);
      json.put("structured_joules_per_token", inFormat.samples());
      json.put("plain_joules_per_token", without.samples());
      Json.print(context, json);
    } else {
      print(preparation, first, structured, plain);
      if (inFormat.isCounted() && without.isCounted()) {
        line(
            "%s joules/token in the format, %s without (prompts included)",
            inFormat.cell(), without.cell());
      }
    }
  }

  private Round counted(Supplier<Round> work, List<Double> joules) {
    EnergyProbe.Used<Round> used = report.energy().during(work);
    joules.add(used.joules() / used.result().tokens());
    return used.result();
  }

  private void warmUp() {
    SpeedSpec spec = new SpeedSpec(SpeedSpec.Kind.GENERATE, tokens, 0);
    try (SpeedTest test =
        new SpeedTest(report.loaded().model(), spec, report.loaded().numerics())) {
      test.warmUp();
    }
  }

  private Map<String, Object> json(
      Preparation preparation, Round first, List<Round> structured, List<Round> plain) {
    Map<String, Object> json = new LinkedHashMap<>(report.head());
    json.put("tokens", tokens);
    json.put("vocabulary_ms", preparation.vocabularyNanos() / 1e6);
    json.put("grammar_ms", preparation.grammarNanos() / 1e6);
    json.put("first_mask_us", first.maskMicros());
    json.put("first_share", first.share());
    json.put("mask_us", structured.stream().map(Round::maskMicros).toList());
    json.put("share", structured.stream().map(Round::share).toList());
    json.put("structured_ts", structured.stream().map(Round::tokensPerSecond).toList());
    json.put("plain_ts", plain.stream().map(Round::tokensPerSecond).toList());
    return json;
  }

  private void print(
      Preparation preparation, Round first, List<Round> structured, List<Round> plain) {
    context.out().println(report.machine());
    line(
        "prepared: vocabulary of %,d tokens in %.0f ms, grammar in %.0f ms",
        preparation.vocabulary(),
        preparation.vocabularyNanos() / 1e6,
        preparation.grammarNanos() / 1e6);
    line(
        "first request: mask %.0f µs a token, %.2f %% of the time",
        first.maskMicros(), 100 * first.share());
    SpeedStats shares = of(structured, Round::share);
    line(
        "later requests: mask %.0f µs a token, %.2f %% of the time (%.2f to %.2f)",
        of(structured, Round::maskMicros).median(),
        100 * shares.median(),
        100 * shares.min(),
        100 * shares.max());
    line(
        "%s, %d tokens, %d threads: %.2f tokens/s in the format, %.2f without (medians of %d runs)",
        report.model(),
        tokens,
        report.loaded().threads(),
        of(structured, Round::tokensPerSecond).median(),
        of(plain, Round::tokensPerSecond).median(),
        runs);
  }

  private void line(String format, Object... values) {
    context.out().printf(Locale.ROOT, format + "%n", values);
  }

  private static SpeedStats of(List<Round> rounds, ToDoubleFunction<Round> value) {
    return SpeedStats.of(rounds.stream().mapToDouble(value).boxed().toList());
  }
}
