package dev.nearside.cli.command;

import dev.nearside.hub.PullEvent;
import dev.nearside.hub.PullListener;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows a pull on standard error: a bar that is redrawn on a terminal, a line every tenth
 * elsewhere.
 */
final class PullProgress implements PullListener {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000L;

  private final PrintStream err;
  private final boolean isTerminal;
  private long startNanos;
  private long startBytes;
  private long drawnNanos;
  private int drawnTenth = -1;
  private boolean isBarShown;

  PullProgress(CliContext context) {
    this.err = context.err();
    this.isTerminal = context.isTerminalErr();
  }

  @Override
  public void onEvent(PullEvent event) {
    switch (event) {
      case PullEvent.Trying e -> line("pulling from " + e.source());
      case PullEvent.SourceFailed e -> line("  not there: " + e.reason());
      case PullEvent.Terms e -> terms(e);
      case PullEvent.Waiting e -> line("another process is pulling " + e.what() + "; waiting");
      case PullEvent.Started e -> start(e);
      case PullEvent.Progress e -> bar("pulling", e.doneBytes(), e.totalBytes());
      case PullEvent.Verifying e -> bar("verifying", e.doneBytes(), e.totalBytes());
      case PullEvent.Note e -> line(e.text());
      case PullEvent.Done e -> {
        clearBar();
        err.flush();
      }
    }
  }

  private void terms(PullEvent.Terms e) {
    line("licence of " + e.model() + ": " + e.licence() + (e.url() == null ? "" : " " + e.url()));
    e.text().lines().forEach(this::line);
  }

  private void start(PullEvent.Started e) {
    startNanos = System.nanoTime();
    startBytes = e.doneBytes();
    drawnTenth = -1;
    if (e.doneBytes() > 0) {
      line("resuming " + e.file() + " at " + Sizes.bytes(e.doneBytes()));
    }
  }

  private void bar(String what, long done, long total) {
    long now = System.nanoTime();
    if (total <= 0) {
      return;
    }
    if (!isTerminal) {
      int tenth = (int) (10 * done / total);
      if (tenth != drawnTenth) {
        drawnTenth = tenth;
        err.println(what + " " + 10 * tenth + " % of " + Sizes.bytes(total));
      }
      return;
    }
    if (now - drawnNanos < REDRAW_NANOS && done < total) {
      return;
    }
    drawnNanos = now;
    int filled = (int) (WIDTH * done / total);
    String bar = "█".repeat(filled) + "░".repeat(WIDTH - filled);
    err.print(
        String.format(
            Locale.ROOT,
            "\r\u001b[K%s %s %3d %% of %s%s",
            what,
            bar,
            100 * done / total,
            Sizes.bytes(total),
            speed(now, done, total)));
    err.flush();
    isBarShown = true;
  }

  private String speed(long now, long done, long total) {
    double seconds = (now - startNanos) / 1e9;
    double rate = (done - startBytes) / Math.max(seconds, 0.001);
    if (seconds < 1 || rate < 1) {
      return "";
    }
    return ", " + Sizes.bytes((long) rate) + "/s, " + Sizes.seconds((long) ((total - done) / rate));
  }

  private void line(String text) {
    clearBar();
    err.println(text);
  }

  private void clearBar() {
    if (isBarShown) {
      err.print("\r\u001b[K");
      isBarShown = false;
    }
  }
}
