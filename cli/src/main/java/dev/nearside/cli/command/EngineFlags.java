package dev.nearside.cli.command;

import dev.nearside.engine.EngineOptions;
import dev.nearside.model.Compute;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of every command that computes. */
final class EngineFlags {
  @Option(
      names = {"-c", "--ctx"},
      paramLabel = "TOKENS",
      description = "Length of the context; 0 or none: what model and memory allow.")
  int contextLength;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute; default: all. Fewer take less power, and longer; see also"
              + " --power-budget.")
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

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  /** Whether the engine is to be set up in a certain way. */
  boolean isAnySet() {
    return contextLength != 0 || threads != 0 || kernels != null || kv.isGiven() || power.isGiven();
  }

  /** Refuses what makes no sense as a usage error of {@code command}. */
  void check(CommandLine command) {
    if (contextLength < 0) {
      throw new ParameterException(command, "--ctx can't be negative");
    }
    if (kernels != null && !Compute.KERNELS.contains(kernels.toLowerCase(Locale.ROOT))) {
      throw new ParameterException(
          command, "--kernels is one of " + String.join(", ", Compute.KERNELS));
    }
    if (threads < 0 || threads > Compute.MAX_THREADS) {
      throw new ParameterException(
          command, "--threads must be from 1 to " + Compute.MAX_THREADS + ", or 0 for all");
    }
  }

  /**
   * Flags beat the environment.
   *
   * @throws dev.nearside.engine.power.PowerException when the power budget can't be held here
   */
  EngineOptions toOptions(Map<String, String> env) throws InterruptedException {
    String name = kernels != null ? kernels : env.get("NEARSIDE_KERNELS");
    return EngineOptions.DEFAULTS
        .withContextLength(contextLength)
        .withThreads(threads)
        .withKernels(name)
        .withKvType(kv.type())
        .withPower(power.governor(env));
  }
}
