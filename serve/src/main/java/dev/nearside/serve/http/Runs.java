package dev.nearside.serve.http;

import dev.nearside.base.Fault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a server answers now. */
public final class Runs {
  private static final int RETRY_SECONDS = 5;

  private final Set<Run> runs = ConcurrentHashMap.newKeySet();
  private volatile boolean isDraining;

  Run begin() {
    Run run = new Run();
    runs.add(run);
    return run;
  }

  void end(Run run) {
    run.end();
    runs.remove(run);
    synchronized (this) {
      notifyAll();
    }
  }

  /** Requests that are being answered. */
  public int count() {
    return runs.size();
  }

  /** From here on no new work is taken. */
  public void drain() {
    isDraining = true;
  }

  /** What whoever asks is told then. */
  public static HttpProblem closing() {
    return HttpProblem.later(
        HttpProblem.Kind.BUSY, Fault.of("the server is draining: it will stop"), RETRY_SECONDS);
  }

  public boolean isDraining() {
    return isDraining;
  }

  /** Cancels all that is being answered. */
  public void cancelAll() {
    runs.forEach(Run::cancel);
  }

  /**
   * Waits until nothing is answered any more.
   *
   * @return whether that was so in time
   */
  public synchronized boolean awaitNone(long millis) throws InterruptedException {
    long until = System.nanoTime() + millis * 1_000_000;
    while (!runs.isEmpty()) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
