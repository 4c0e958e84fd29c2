package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns errors into one line on standard error and an exit code. */
record ErrorReport(CliContext context) implements IExecutionExceptionHandler {
  /** The exit code of a failure. */
  static final int FAILURE = 1;

  /** The exit code of an interrupted command, as shells count it. */
  static final int INTERRUPTED = 130;

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    return switch (e) {
      case NearsideException known -> report(known.fault().message());
      case IOException io -> report(describe(io));
      case InterruptedException interrupted -> INTERRUPTED;
      default -> throw e;
    };
  }

  private int report(String message) {
    context.out().flush();
    context.err().println("error: " + message);
    return FAILURE;
  }

  private static String describe(IOException e) {
    switch (e) {
      case NoSuchFileException missing -> {
        return "there is no such file or folder: " + missing.getFile();
      }
      case AccessDeniedException denied -> {
        return "access is denied: " + denied.getFile();
      }
      default -> {}
    }
    String message = e.getMessage() == null ? "" : ": " + e.getMessage();
    return e.getClass().getSimpleName().replace("Exception", "") + message;
  }
}
