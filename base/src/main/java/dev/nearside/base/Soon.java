package dev.nearside.base;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A value that another thread is making; who needs it waits for it.
 *
 * @param <T> what it is
 */
public final class Soon<T> {
  private final FutureTask<T> task;
  private final Thread thread;

  private Soon(Callable<T> work) {
    this.task = new FutureTask<>(work);
    this.thread = Thread.ofPlatform().daemon().name("nearside-soon").unstarted(task);
  }

  /** Begins to make the value. */
  public static <T> Soon<T> of(Callable<T> work) {
    Soon<T> soon = new Soon<>(work);
    soon.thread.start();
    return soon;
  }

  /**
   * The value. An interruption does not cut the wait short: it is over in a moment.
   *
   * @throws RuntimeException what making it threw
   */
  public T get() {
    boolean wasInterrupted = false;
    try {
      while (true) {
        try {
          if (thread.isAlive()) {
            thread.join(); // so that nothing of it is left
          }
          return task.get();
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
