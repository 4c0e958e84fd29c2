package dev.nearside.cli;

import dev.nearside.cli.command.CliContext;
import dev.nearside.cli.command.RootCommand;
import picocli.CommandLine;

/** Starts the command line. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code: 0 fine, 1 failure, 2 usage. */
  public static void main(String[] args) throws InterruptedException {
    // Beside the command line, because calling a native function the first time takes a while.
    Thread restoring = Thread.ofPlatform().start(StandardError::restore);
    CommandLine line = commandLine(CliContext.ofProcess(), args);
    restoring.join();
    System.exit(line.execute(args));
  }

  /** Runs one command in this JVM and returns its exit code. */
  static int run(String... args) {
    return run(CliContext.ofProcess(), args);
  }

  /** Runs one command over a context. */
  static int run(CliContext context, String... args) {
    return commandLine(context, args).execute(args);
  }

  private static CommandLine commandLine(CliContext context, String... args) {
    return RootCommand.commandLine(context, args);
  }
}
