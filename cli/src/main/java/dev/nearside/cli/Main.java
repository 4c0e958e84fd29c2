package dev.nearside.cli;

import dev.nearside.base.Fault;
import dev.nearside.cli.command.CliContext;
import dev.nearside.cli.command.RootCommand;

/** Starts the command line. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code: 0 fine, 1 failure, 2 usage. */
  public static void main(String[] args) {
    StandardError.restore(); // before anyone asks whether standard error is a terminal
    RootCommand.prepare(System.getenv(), args);
    System.exit(run(args));
  }

  /** Runs one command in this JVM and returns its exit code. */
  static int run(String... args) {
    return run(CliContext.ofProcess(), args);
  }

  /** Runs one command over a context. */
  static int run(CliContext context, String... args) {
    try {
      return RootCommand.commandLine(context, args).execute(args);
    } catch (OutOfMemoryError e) {
      context.err().println("error: " + outOfMemory(e).message());
      return 1;
    }
  }

  private static Fault outOfMemory(OutOfMemoryError e) {
    return Fault.of("the memory is too small")
        .got(String.valueOf(e.getMessage()))
        .hint("A smaller model or --ctx needs less; NEARSIDE_JVM_OPTIONS=-Xmx4g gives Java more");
  }
}
