package dev.nearside.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts the command line. */
@Command(
    name = "nearside",
    description = "Runs language models on this machine.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main {
  Main() {}

  /** Runs one command and exits with its code: 0 fine, 1 failure, 2 usage. */
  public static void main(String[] args) {
    StandardError.restore();
    System.exit(run(args));
  }

  /** Runs one command in this JVM and returns its exit code. */
  static int run(String... args) {
    return new CommandLine(new Main()).execute(args);
  }
}
