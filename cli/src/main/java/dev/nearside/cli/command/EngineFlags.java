package dev.nearside.cli.command;

import dev.nearside.engine.EngineOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of every command that computes. */
final class EngineFlags {
  @Option(
      names = {"-c", "--ctx"},
      paramLabel = "TOKENS",
      description = "Length of the context; default: what model and memory allow.")
  int contextLength;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; default: all.")
  int threads;

  @Option(
      names = "--kernels",
      paramLabel = "NAME",
      description = "scalar or vector; also NEARSIDE_KERNELS. Default: the best there is.")
  @Nullable String kernels;

  @Option(names = "--offline", description = "Never touch the network.")
  boolean isOffline;

  /** Flags beat the environment. */
  EngineOptions toOptions(Map<String, String> env) {
    String name = kernels != null ? kernels : env.get("NEARSIDE_KERNELS");
    return EngineOptions.DEFAULTS
        .withContextLength(contextLength)
        .withThreads(threads)
        .withKernels(name);
  }
}
