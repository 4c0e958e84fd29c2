package dev.nearside.cli.command;

import dev.nearside.base.Machine;
import dev.nearside.chat.OutputFormat;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.eval.MaskCost;
import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedSpec.Kind;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.engine.power.EnergyMeters;
import dev.nearside.engine.power.EnergyProbe;
import dev.nearside.engine.power.PowerGovernor;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.Origin;
import dev.nearside.model.Originals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nearside bench}: how fast a model computes, alone or against llama.cpp. */
@Command(
    name = "bench",
    description = {
      "Measure the speed of a model: prompts (pp) and replies (tg), and the energy that a token"
          + " takes, where the system counts it.",
      "With --format or --grammar: what following it costs, beside replies without."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  enum Output {
    TABLE,
    MD,
    JSON,
    CSV
  }

  private static final List<String> DEFAULT_TESTS = List.of("pp512", "tg128");
  private static final int FORMAT_TOKENS = 128;

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A model's name, a GGUF file or a folder.")
  String model;

  @Option(
      names = {"-p", "--n-prompt"},
      split = ",",
      paramLabel = "N",
      description = "Lengths of prompts; default: 512; 0 = none.")
  @Nullable List<Integer> prompts;

  @Option(
      names = {"-n", "--n-gen"},
      split = ",",
      paramLabel = "N",
      description = "Lengths of replies; default: 128; 0 = none.")
  @Nullable List<Integer> replies;

  @Option(
      names = {"-d", "--n-depth"},
      split = ",",
      paramLabel = "N",
      description = "Tokens that stand before; default: 0.")
  @Nullable List<Integer> depths;

  @Option(
      names = "--test",
      split = ",",
      paramLabel = "NAME",
      description = "Tests by name instead: pp512, tg128, tg128@d4096.")
  @Nullable List<String> tests;

  @Option(
      names = {"-r", "--repetitions", "--runs"},
      paramLabel = "N",
      description = "How often each test is timed; default: ${DEFAULT-VALUE}.")
  int runs = 5;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      description = "Threads that compute; default: all.")
  int threads;

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      description =
          "auto, scalar, vector or machine; also NEARSIDE_KERNELS. auto is the fastest that works"
              + " here: machine, else vector, else scalar.")
  @Nullable String kernels;

  @Mixin KvFlag kv = new KvFlag();
  @Mixin PowerFlag power = new PowerFlag();

  @Mixin NumericsFlag numerics = new NumericsFlag();

  @Mixin FormatOptions format = new FormatOptions();

  @Option(
      names = "--vs",
      paramLabel = "LLAMA_BENCH",
      description = "Compare with this llama-bench, in turns, on the same file.")
  @Nullable Path rival;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table (which is Markdown), json or csv; default: table.")
  Output output = Output.TABLE;

  @Option(names = "--json", description = "The same as --output json.")
  boolean isJson;

  BenchCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (runs < 1 || threads < 0) {
      throw new ParameterException(spec.commandLine(), "--runs and --threads must be positive");
    }
    List<SpeedSpec> specs = specs();
    LocalModel local = new Models(context, context.hub(isOffline)).ready(model);
    Path path = local.path();
    if (rival != null && Originals.isDropped(path)) {
      throw new ParameterException(
          spec.commandLine(),
          "llama-bench needs the original: nearside pull --original " + local.name());
    }
    if (rival != null && Files.isDirectory(path)) {
      throw new ParameterException(spec.commandLine(), "llama-bench needs a GGUF file: " + path);
    }
    OutputFormat followed = format.toFormat();
    boolean isFormat = !(followed instanceof OutputFormat.Text);
    if (isFormat && rival != null) {
      throw new ParameterException(spec.commandLine(), "--vs knows no formats");
    }
    int longest =
        isFormat
            ? MaskCost.POSITIONS
            : specs.stream().mapToInt(SpeedSpec::positions).max().orElseThrow();
    EngineOptions options =
        EngineOptions.DEFAULTS
            .withThreads(threads)
            .withKernels(kernels != null ? kernels : context.env().get("NEARSIDE_KERNELS"))
            .withContextLength(longest)
            .withKvType(kv.type())
            .withNumerics(numerics.choose(context.env()))
            .withPower(power.governor(context.env()));
    try (LoadedModel loaded = LoadedModel.open(path, options);
        EnergyProbe energy = new EnergyProbe(EnergyMeters.ofMachine().any())) {
      PowerGovernor governor = options.power();
      BenchReport report =
          new BenchReport(
              name(local),
              loaded,
              Machine.cpuName(),
              energy,
              governor == null ? null : governor.budget());
      if (isFormat) {
        boolean isJsonAsked = output() == Output.JSON;
        new BenchMask(context, report, runs, FORMAT_TOKENS, isJsonAsked).run(followed);
      } else if (rival == null) {
        print(report, measure(report, specs));
      } else {
        LlamaBench bench = new LlamaBench(rival, path, loaded.threads());
        new BenchDuel(context, report, bench, runs, output() == Output.JSON).run(specs);
      }
    }
    return 0;
  }

  // A stored model's file is named by its digest, which tells nobody anything.
  private String name(LocalModel local) {
    return local.origin().kind() == Origin.Kind.LOCAL_PATH
        ? String.valueOf(local.path().getFileName())
        : model;
  }

  private List<SpeedSpec> specs() {
    List<SpeedSpec> specs = new ArrayList<>();
    if (tests != null) {
      tests.forEach(test -> specs.add(SpeedSpec.parse(test)));
    } else if (prompts == null && replies == null && depths == null) {
      DEFAULT_TESTS.forEach(test -> specs.add(SpeedSpec.parse(test)));
    } else {
      for (int depth : depths == null ? List.of(0) : depths) {
        add(specs, Kind.PROMPT, prompts == null ? List.of(512) : prompts, depth);
        add(specs, Kind.GENERATE, replies == null ? List.of(128) : replies, depth);
      }
    }
    if (specs.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "-p 0 -n 0 leaves nothing to measure");
    }
    return specs;
  }

  private static void add(List<SpeedSpec> specs, Kind kind, List<Integer> lengths, int depth) {
    for (int length : lengths) {
      if (length != 0) {
        specs.add(new SpeedSpec(kind, length, depth));
      }
    }
  }

  private List<BenchReport.Line> measure(BenchReport report, List<SpeedSpec> specs) {
    List<BenchReport.Line> lines = new ArrayList<>();
    try (ProgressLine progress = new ProgressLine(context, "measuring")) {
      long all = (long) specs.size() * (runs + 1);
      long done = 0;
      for (SpeedSpec one : specs) {
        LoadedModel loaded = report.loaded();
        try (SpeedTest test = new SpeedTest(loaded.model(), one, loaded.numerics())) {
          progress.at(done++, all, one.name() + " (warming up)");
          SpeedTest.WarmUp warmUp = test.warmUp();
          List<Double> samples = new ArrayList<>();
          List<Double> joules = new ArrayList<>();
          for (int i = 0; i < runs; i++) {
            progress.at(done++, all, one.name());
            EnergyProbe.Used<Double> run = report.energy().during(test::run);
            samples.add(run.result());
            joules.add(run.joules() / one.tokens());
          }
          lines.add(new BenchReport.Line(one, samples, BenchEnergy.of(joules), warmUp));
        }
      }
    }
    return lines;
  }

  private Output output() {
    return isJson ? Output.JSON : output;
  }

  private void print(BenchReport report, List<BenchReport.Line> lines) {
    switch (output()) {
      case JSON -> Json.print(context, report.json(lines));
      case CSV -> {
        context.out().print(report.csv(lines));
        if (report.energy().obstacle() != null) { // there is no place for words
          context.err().println(BenchEnergy.line(report.energy()));
        }
      }
      case TABLE, MD -> context.out().print(report.table(lines));
    }
  }
}
