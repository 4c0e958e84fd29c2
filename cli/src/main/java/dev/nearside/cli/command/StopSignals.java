package dev.nearside.cli.command;

import org.jline.utils.Signals;

/**
 * SIGTERM and Ctrl-C as a wish to stop. The JVM's own way ends with 143 or 130 whatever the program
 * does; a server that stopped as it was told ends with 0. The second signal ends at once.
 */
final class StopSignals {
  private static final int INT = 2;
  private static final int TERM = 15;
  private static final int KILLED = 128;

  private final Runnable stop;
  private boolean isStopping;

  private StopSignals(Runnable stop) {
    this.stop = stop;
  }

  /** From here on signals call {@code stop}, once, on a thread of its own. */
  static void handle(Runnable stop) {
    StopSignals signals = new StopSignals(stop);
    Signals.register("INT", () -> signals.on(INT));
    Signals.register("TERM", () -> signals.on(TERM));
  }

  private synchronized void on(int signal) {
    if (isStopping) {
      Runtime.getRuntime().halt(KILLED + signal);
    }
    isStopping = true;
    Thread.ofPlatform().name("nearside-stop").daemon().start(stop);
  }
}
