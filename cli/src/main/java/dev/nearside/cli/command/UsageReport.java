package dev.nearside.cli.command;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in a few lines what is wrong with a command line, and where its help is. */
final class UsageReport implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + message(e));
    if (e instanceof UnmatchedArgumentException unmatched) {
      UnmatchedArgumentException.printSuggestions(unmatched, err);
    }
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private static String message(ParameterException e) {
    boolean isRoot = e.getCommandLine().getParent() == null;
    if (isRoot && e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (!first.startsWith("-")) {
        return "there is no command '" + Printable.of(first) + "'";
      }
    }
    // The parser speaks of Java's types.
    return String.valueOf(e.getMessage())
        .replaceFirst(" is not an int$| is not a long$", " is not a whole number")
        .replaceFirst(" is not a (float|double)$", " is not a number");
  }
}
