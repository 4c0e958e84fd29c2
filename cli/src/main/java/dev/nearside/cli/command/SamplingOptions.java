package dev.nearside.cli.command;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.sample.SamplerNames;
import dev.nearside.engine.sample.SamplingRanges;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags that say how tokens are chosen. */
final class SamplingOptions {
  @Option(
      names = {"-t", "--temperature", "--temp"},
      paramLabel = "T",
      description = "0 takes the most likely token; higher is bolder.")
  @Nullable Float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keep the K most likely tokens; 0 = off.")
  @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the smallest set that reaches probability P; 1 = off.")
  @Nullable Float topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Keep tokens at least P times as likely as the best; 0 = off.")
  @Nullable Float minP;

  @Option(
      names = "--typical",
      paramLabel = "P",
      description = "Keep the most typical tokens up to probability P; 1 = off.")
  @Nullable Float typicalP;

  @Option(
      names = "--xtc-probability",
      paramLabel = "P",
      description = "Exclude top choices; 0 = off.")
  @Nullable Float xtcProbability;

  @Option(names = "--xtc-threshold", paramLabel = "P", description = "What a top choice is (0.1).")
  @Nullable Float xtcThreshold;

  @Option(
      names = "--dry-multiplier",
      paramLabel = "X",
      description = "Penalty on continuing a repetition; 0 = off.")
  @Nullable Float dryMultiplier;

  @Option(names = "--dry-base", paramLabel = "X", description = "Growth of the DRY penalty (1.75).")
  @Nullable Float dryBase;

  @Option(
      names = "--dry-allowed-length",
      paramLabel = "N",
      description = "Repetitions up to N tokens are free (2).")
  @Nullable Integer dryAllowedLength;

  @Option(
      names = "--dry-last-n",
      paramLabel = "N",
      description = "How far DRY looks back; -1 = all.")
  @Nullable Integer dryLastTokens;

  @Option(
      names = "--dry-breaker",
      paramLabel = "TEXT",
      description = "Text that repetitions do not cross; may be repeated.")
  @Nullable List<String> dryBreakers;

  @Option(
      names = "--mirostat-tau",
      paramLabel = "BITS",
      description = "Mirostat 2: target surprise.")
  @Nullable Float mirostatTau;

  @Option(
      names = "--mirostat-eta",
      paramLabel = "X",
      description = "Mirostat 2: learning rate (0.1).")
  @Nullable Float mirostatEta;

  @Option(names = "--repeat-penalty", paramLabel = "X", description = "1 = off.")
  @Nullable Float repeatPenalty;

  @Option(names = "--presence-penalty", paramLabel = "X", description = "0 = off.")
  @Nullable Float presencePenalty;

  @Option(names = "--frequency-penalty", paramLabel = "X", description = "0 = off.")
  @Nullable Float frequencyPenalty;

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      description = "How far the penalties look back (64); -1 = all.")
  @Nullable Integer repeatLastTokens;

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=X",
      description = "Add X to a token's logit; may be repeated.")
  @Nullable Map<Integer, Float> logitBias;

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "N",
      description = "Same seed, same reply.")
  @Nullable Long seed;

  @Option(
      names = "--samplers",
      split = ",",
      paramLabel = "NAME",
      description = "The samplers and their order: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class)
  @Nullable List<String> order;

  /** The sampler names in their default order, for help. */
  static final class Names implements Iterable<String> {
    Names() {}

    @Override
    public java.util.Iterator<String> iterator() {
      return SamplerNames.defaultOrder().iterator();
    }
  }

  void check(CommandLine command) {
    try {
      SamplingRanges.check(toSampling());
    } catch (ChatException e) {
      throw new ParameterException(command, e.fault().message(), e);
    }
  }

  /** What the flags say; the rest is unset. */
  Sampling toSampling() {
    return Sampling.builder()
        .temperature(temperature)
        .topK(topK)
        .topP(topP)
        .minP(minP)
        .typicalP(typicalP)
        .xtc(xtc())
        .dry(dry())
        .mirostat(
            mirostatTau == null ? null : new Sampling.Mirostat(mirostatTau, or(mirostatEta, 0.1f)))
        .penalties(penalties())
        .logitBias(logitBias)
        .seed(seed)
        .order(order)
        .build();
  }

  private Sampling.@Nullable Xtc xtc() {
    return xtcProbability == null ? null : new Sampling.Xtc(xtcProbability, or(xtcThreshold, 0.1f));
  }

  private Sampling.@Nullable Dry dry() {
    return dryMultiplier == null
        ? null
        : new Sampling.Dry(
            dryMultiplier,
            or(dryBase, 1.75f),
            or(dryAllowedLength, 2),
            or(dryLastTokens, -1),
            or(dryBreakers, List.of("\n", ":", "\"", "*")));
  }

  private Sampling.@Nullable Penalties penalties() {
    Sampling.Penalties given =
        new Sampling.Penalties(repeatPenalty, presencePenalty, frequencyPenalty, repeatLastTokens);
    return given.equals(Sampling.Penalties.DEFAULTS) ? null : given;
  }

  private static <T> T or(@Nullable T value, T fallback) {
    return value != null ? value : fallback;
  }
}
