package dev.nearside.serve.guard;

import org.jspecify.annotations.Nullable;

/**
 * Work on a platform thread of its own, which the operating system takes turns with. There are
 * never more of them than places.
 */
final class OwnThread {
  /** What is to be done. */
  interface Work {
    void run() throws Exception;
  }

  private OwnThread() {}

  /** Does the work and waits for its end; an interrupt of the caller is the worker's too. */
  static void run(Work work) throws Exception {
    Outcome outcome = new Outcome(work);
    Thread worker = Thread.ofPlatform().name("nearside-request").daemon().start(outcome);
    boolean isInterrupted = false;
    while (true) {
      try {
        worker.join();
        break;
      } catch (InterruptedException e) {
        isInterrupted = true;
        worker.interrupt();
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    switch (outcome.failure) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }

  private static final class Outcome implements Runnable {
    private final Work work;
    private volatile @Nullable Throwable failure;

    Outcome(Work work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        work.run();
      } catch (Throwable t) {
        failure = t; // told to whoever waits
      }
    }
  }
}
