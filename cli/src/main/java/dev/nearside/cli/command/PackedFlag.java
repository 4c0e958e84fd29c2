package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.hub.RefusedException;
import dev.nearside.model.PackedFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --packed-disk}: how much room packed weights may take. */
final class PackedFlag {
  private static final String VARIABLE = "NEARSIDE_PACKED_DISK";

  @Option(
      names = "--packed-disk",
      paramLabel = "GB",
      description =
          "Disk space for weights as the kernels lay them out, which the next start maps; the least"
              + " recently used go first, 0 = none. Default: 20; also "
              + VARIABLE
              + ".")
  @Nullable Double gigabytes;

  void check(CommandLine command) {
    if (gigabytes != null && !(gigabytes >= 0)) {
      throw new ParameterException(command, "--packed-disk can't be negative");
    }
  }

  /** The folder; the flag beats the environment. */
  PackedFolder folder(CliContext context) {
    Path path = context.hubConfig().home().resolve("packed");
    Double limit = gigabytes == null ? ofEnvironment(context) : gigabytes;
    return limit == null ? PackedFolder.of(path) : new PackedFolder(path, (long) (limit * 1e9));
  }

  private static @Nullable Double ofEnvironment(CliContext context) {
    String text = context.env().getOrDefault(VARIABLE, "").strip();
    if (text.isEmpty()) {
      return null;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static RefusedException wrong(String text) {
    return new RefusedException(
        Fault.of("not a size of packed weights")
            .got(text)
            .expected("gigabytes, 0 or more")
            .where(VARIABLE));
  }
}
