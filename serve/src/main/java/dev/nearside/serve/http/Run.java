package dev.nearside.serve.http;

/**
 * The answering of one request, by the thread that made this. Whoever cancels it interrupts that
 * thread, but never after it has gone on to something else.
 */
public final class Run {
  private final Thread thread = Thread.currentThread();
  private boolean isOver;
  private volatile boolean isCancelled;

  /** Interrupts the thread, if it still answers. */
  public synchronized void cancel() {
    if (!isOver) {
      isCancelled = true;
      thread.interrupt();
    }
  }

  /** Whether it was cancelled. */
  public boolean isCancelled() {
    return isCancelled;
  }

  /** From here on nothing interrupts the thread; what came too late is forgotten. */
  synchronized void end() {
    isOver = true;
    if (isCancelled) {
      Thread.interrupted();
    }
  }
}
