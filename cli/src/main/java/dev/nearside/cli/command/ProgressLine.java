package dev.nearside.cli.command;

import java.io.PrintStream;
import java.util.Locale;

/**
 * One line on standard error about long work: rewritten in place for a person, and once in a while
 * for a log. Work of less than a second says nothing.
 */
final class ProgressLine implements AutoCloseable {
  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;

  private final PrintStream err;
  private final boolean isTerminal;
  private final String label;
  private long next = System.nanoTime() + QUIET_NANOS;
  private boolean isShown;

  ProgressLine(CliContext context, String label) {
    this.err = context.err();
    this.isTerminal = context.isTerminalErr();
    this.label = label;
  }

  /** Says how far the work is. */
  void at(long done, long all, String remark) {
    long now = System.nanoTime();
    if (now - next < 0) {
      return;
    }
    next = now + (isTerminal ? TERMINAL_NANOS : LOG_NANOS);
    double percent = all == 0 ? 0 : 100.0 * done / all;
    String line = String.format(Locale.ROOT, "%s %.0f %% %s", label, percent, remark).strip();
    if (isTerminal) {
      err.print("\r\u001b[K" + line);
      err.flush();
      isShown = true;
    } else {
      err.println(line);
    }
  }

  /** Clears the line. */
  @Override
  public void close() {
    if (isShown) {
      err.print("\r\u001b[K");
      err.flush();
      isShown = false;
    }
  }
}
