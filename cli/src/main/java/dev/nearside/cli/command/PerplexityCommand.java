package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.eval.Divergence;
import dev.nearside.engine.eval.Estimate;
import dev.nearside.engine.eval.EvalException;
import dev.nearside.engine.eval.LogitsFile;
import dev.nearside.engine.eval.LogitsFileWriter;
import dev.nearside.engine.eval.Perplexity;
import dev.nearside.engine.eval.PerplexityResult;
import dev.nearside.hub.LocalModel;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code nearside perplexity}: how well a model predicts a text, and how far it is from another.
 */
@Command(
    name = "perplexity",
    description = "Measure a model's perplexity on a text, and its KL divergence from another.",
    mixinStandardHelpOptions = true)
final class PerplexityCommand implements Callable<Integer> {
  private static final int DEFAULT_WINDOW = 512;

  private final CliContext context;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "A model's name, a GGUF file or a folder.")
  String model;

  @Option(
      names = {"--text", "-f"},
      paramLabel = "FILE",
      description = "The text, in UTF-8.")
  @Nullable Path text;

  @Option(
      names = "--kl-divergence-base",
      paramLabel = "FILE",
      description = "Compare with the base model's log-probabilities in FILE, on its tokens.")
  @Nullable Path base;

  @Option(
      names = {"--save-logits", "--save-all-logits"},
      paramLabel = "FILE",
      description = "Write the log-probabilities for --kl-divergence-base.")
  @Nullable Path save;

  @Option(names = "--chunks", paramLabel = "N", description = "Measure N windows; default: all.")
  int chunks;

  @Option(names = "--kv-f32", description = "Don't round keys and values to 16 bits.")
  boolean isKvF32;

  @Option(names = "--json", description = "Print JSON.")
  boolean isJson;

  @Mixin EngineFlags flags = new EngineFlags();

  @Mixin NumericsFlag numerics = new NumericsFlag();

  PerplexityCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    checkUsage();
    LocalModel local = new Models(context, context.hub(flags.isOffline)).ready(model);
    if (!local.adapters().isEmpty()) {
      throw new ChatException(
          Fault.of("a model with adapters can't be measured").got(local.name()));
    }
    Path path = local.path();
    if (base != null) {
      compare(path, base);
    } else if (text != null) {
      measure(path, text);
    }
    return 0;
  }

  private void checkUsage() {
    if (text == null && base == null) {
      throw usage("Missing required option: '--text=FILE' or '--kl-divergence-base=FILE'");
    }
    if (base != null && save != null) {
      throw usage("--save-logits and --kl-divergence-base exclude each other");
    }
    if (chunks < 0) {
      throw usage("--chunks can't be negative");
    }
    if (isKvF32 && flags.kv.isGiven()) {
      throw usage("--kv and --kv-f32 exclude each other");
    }
    flags.check(spec.commandLine());
  }

  private void measure(Path path, Path textPath) throws IOException, InterruptedException {
    int window = flags.contextLength > 0 ? flags.contextLength : DEFAULT_WINDOW;
    String content = read(textPath);
    try (LoadedModel loaded = open(path, window);
        Perplexity perplexity = perplexity(loaded, window);
        ProgressLine line = new ProgressLine(context, "perplexity")) {
      int[] tokens = perplexity.windows(content, chunks);
      PerplexityResult result =
          save == null
              ? perplexity.measure(tokens, progress(line))
              : save(save, loaded, perplexity, tokens, window, line);
      line.close();
      print(result, tokens.length / window, loaded);
    }
  }

  private static PerplexityResult save(
      Path target,
      LoadedModel loaded,
      Perplexity perplexity,
      int[] tokens,
      int window,
      ProgressLine line) {
    int vocab = loaded.model().info().vocabSize();
    try (LogitsFileWriter out = new LogitsFileWriter(target, window, vocab, tokens)) {
      PerplexityResult result = perplexity.save(tokens, out, progress(line));
      out.commit();
      return result;
    }
  }

  private void compare(Path path, Path basePath) throws IOException, InterruptedException {
    try (LogitsFile file = LogitsFile.open(basePath)) {
      int window = file.contextLength();
      if (flags.contextLength > 0 && flags.contextLength != window) {
        throw usage("--ctx is " + flags.contextLength + ", but " + basePath + " has " + window);
      }
      try (LoadedModel loaded = open(path, window);
          Perplexity perplexity = perplexity(loaded, window);
          ProgressLine line = new ProgressLine(context, "kl divergence")) {
        if (text != null) {
          warnOfOtherTokens(perplexity, file, read(text));
        }
        Divergence result = perplexity.compare(file, chunks, progress(line));
        line.close();
        print(result, loaded);
      }
    }
  }

  // The file's tokens are what counts; a text that gives others may be the wrong text.
  private void warnOfOtherTokens(Perplexity perplexity, LogitsFile file, String content) {
    int[] own = perplexity.windows(content, file.chunks());
    int[] first = file.tokens(0);
    if (own.length < file.chunks() * first.length
        || Arrays.mismatch(own, 0, first.length, first, 0, first.length) != -1) {
      context
          .err()
          .println(
              "warning: --text gives other tokens than --kl-divergence-base; measured on the latter");
    }
  }

  private LoadedModel open(Path path, int window) throws InterruptedException {
    EngineOptions options =
        flags
            .toOptions(context.env())
            .withContextLength(window)
            .withNumerics(numerics.choose(context.env()));
    return LoadedModel.open(path, options, isKvF32);
  }

  private static Perplexity perplexity(LoadedModel loaded, int window) {
    return new Perplexity(
        loaded.model(), loaded.tokenizer(), window, loaded.threads(), loaded.numerics());
  }

  private static Perplexity.Progress progress(ProgressLine line) {
    return (done, all, value) ->
        line.at(done, all, String.format(Locale.ROOT, "[%d/%d] %.4f", done, all, value));
  }

  /** As llama.cpp reads it: without the last end of line. */
  private static String read(Path path) throws IOException {
    try {
      String content = Files.readString(path);
      return content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
    } catch (CharacterCodingException e) {
      throw new EvalException(Fault.of("the text is not UTF-8").where(path), e);
    }
  }

  private void print(PerplexityResult result, int windows, LoadedModel loaded) {
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("perplexity", result.perplexity().value());
      json.put("perplexity_error", result.perplexity().error());
      json.put("tokens", result.tokens());
      json.put("kernels", loaded.kernels());
      json.put("numerics", NumericsFlag.name(loaded.numerics()));
      Json.print(context, json);
      return;
    }
    context
        .out()
        .printf(
            Locale.ROOT,
            "perplexity %.4f ± %.4f  (%d tokens scored in %d windows; %s kernels)%n",
            result.perplexity().value(),
            result.perplexity().error(),
            result.tokens(),
            windows,
            loaded.kernels());
  }

  private void print(Divergence d, LoadedModel loaded) {
    if (isJson) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("perplexity", d.perplexity().value());
      json.put("perplexity_error", d.perplexity().error());
      json.put("base_perplexity", d.basePerplexity().value());
      json.put("base_perplexity_error", d.basePerplexity().error());
      json.put("ln_ratio", d.logRatio().value());
      json.put("ln_ratio_error", d.logRatio().error());
      json.put("mean_kl", d.kl().value());
      json.put("mean_kl_error", d.kl().error());
      json.put("max_kl", d.maxKl());
      json.put("p999_kl", d.p999Kl());
      json.put("p99_kl", d.p99Kl());
      json.put("median_kl", d.medianKl());
      json.put("rms_delta_p", d.deltaProbability().value());
      json.put("same_top", d.sameTop().value());
      json.put("same_top_error", d.sameTop().error());
      json.put("tokens", d.tokens());
      json.put("kernels", loaded.kernels());
      json.put("numerics", NumericsFlag.name(loaded.numerics()));
      Json.print(context, json);
      return;
    }
    line("perplexity", d.perplexity(), "%.4f ± %.4f");
    line("base perplexity", d.basePerplexity(), "%.4f ± %.4f");
    line("ln(ratio)", d.logRatio(), "%.6f ± %.6f");
    line("mean KL", d.kl(), "%.3e ± %.1e");
    context.out().printf(Locale.ROOT, "%-18s%.3e%n", "max KL", d.maxKl());
    context.out().printf(Locale.ROOT, "%-18s%.3e%n", "99.9 % KL", d.p999Kl());
    context.out().printf(Locale.ROOT, "%-18s%.3e%n", "99 % KL", d.p99Kl());
    context.out().printf(Locale.ROOT, "%-18s%.3e%n", "median KL", d.medianKl());
    line("RMS Δp", percent(d.deltaProbability()), "%.4f ± %.4f %%");
    line("same top", percent(d.sameTop()), "%.3f ± %.3f %%");
    context.out().printf(Locale.ROOT, "%-18s%d%n", "tokens", d.tokens());
  }

  private void line(String label, Estimate e, String format) {
    context.out().printf(Locale.ROOT, "%-18s" + format + "%n", label, e.value(), e.error());
  }

  private static Estimate percent(Estimate e) {
    return new Estimate(100 * e.value(), 100 * e.error());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
