package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.base.Machine;
import dev.nearside.engine.AdapterFile;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.ServingOptions;
import dev.nearside.engine.pool.PoolOptions;
import dev.nearside.serve.ServeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of {@code serve} about the models: how many, how long, how much at once. */
final class ServePool {
  private static final int DEFAULT_PARALLEL = 8;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Requests that one model answers at once; default: ${DEFAULT-VALUE}.")
  int parallel = DEFAULT_PARALLEL;

  @Option(
      names = "--keep-alive",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long a model stays loaded when nobody asks for it, such as 30s, 5m, 1h; -1 = for"
              + " ever. Default: 5m.")
  Duration keepAlive = Duration.ofMinutes(5);

  @Option(
      names = "--memory",
      paramLabel = "GB",
      description = "Memory for all loaded models; default: 70 percent of the machine's.")
  @Nullable Double memoryGigabytes;

  @Option(
      names = "--lora",
      paramLabel = "FILE",
      description =
          "A LoRA adapter (GGUF) that requests may use by the file's name without .gguf:"
              + " \"lora\": [{\"id\": NAME, \"scale\": 1}]. May be repeated.")
  List<Path> lora = new ArrayList<>();

  @Option(
      names = "--kv-disk",
      paramLabel = "GB",
      description =
          "Disk space for the keys and values of prompts, which make the next prompt that starts"
              + " alike quick, also after a restart; 0 = none. Default: ${DEFAULT-VALUE}.")
  double diskGigabytes = 4;

  void check(CommandLine command) {
    if (parallel < 1 || parallel > 256) {
      throw new ParameterException(command, "--parallel must be from 1 to 256");
    }
    if (memoryGigabytes != null && memoryGigabytes <= 0) {
      throw new ParameterException(command, "--memory must be positive");
    }
    if (!(diskGigabytes >= 0)) {
      throw new ParameterException(command, "--kv-disk can't be negative");
    }
  }

  /** How each engine serves; keys and values are kept in {@code home}. */
  EngineOptions apply(EngineOptions options, Path home) {
    long bytes = (long) (diskGigabytes * 1e9);
    ServingOptions.Kept kept =
        bytes == 0 ? null : new ServingOptions.Kept(home.resolve("kv"), bytes);
    return options
        .withServing(ServingOptions.DEFAULTS.withSlots(parallel).withKept(kept))
        .withAdapters(lora.stream().map(ServePool::adapter).toList());
  }

  // Of several models one may suit: a request says whether it wants it.
  private static AdapterFile adapter(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ServeException(Fault.of("there is no such adapter").got(file), null);
    }
    String name = String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "");
    return new AdapterFile(name, file.toAbsolutePath(), 0f);
  }

  PoolOptions options(Set<String> pinned) {
    return new PoolOptions(memory(), keepAlive, pinned);
  }

  /** Bytes for all loaded models. */
  long memory() {
    return memoryGigabytes == null
        ? Machine.memoryBytes() * 7 / 10
        : (long) (memoryGigabytes * 1e9);
  }
}
