package dev.nearside.tensor.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A barrier pool: {@link #run} splits a range into one contiguous band per thread, {@link #share}
 * lets threads take bands as they get on; both return when all bands are done. The caller is thread
 * 0. Waiting threads spin for some microseconds, because the next product usually follows at once,
 * and then park, so that an idle pool uses no CPU.
 *
 * <p>One caller at a time. Memory written before {@code run} is seen by the bands, and what they
 * write is seen by the caller after it.
 */
public final class Workers implements AutoCloseable {
  /** Part of a job: items {@code from … to - 1}, computed by {@code thread}. */
  @FunctionalInterface
  public interface Band {
    void run(int from, int to, int thread);
  }

  /** What is taken of a shared job is this part of a thread's share of what is left. */
  private static final int SHARE = 3;

  private static final long SPIN_NANOS = 50_000;
  private static final int SPINS_PER_CLOCK_READ = 64;

  private final Worker[] workers;
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicInteger epoch = new AtomicInteger();

  // A job: written by the caller before `epoch`, read by the workers after it.
  private @Nullable Band band;
  private int items;
  private int parts;
  private boolean isShared; // whether bands are taken, or each thread has its own
  private final AtomicInteger taken = new AtomicInteger();
  private @Nullable Thread caller;
  private volatile boolean isClosed;
  private volatile boolean isCallerParked;

  /** Starts {@code threads - 1} daemon threads. */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1: " + threads);
    }
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /** Threads, the caller among them. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs {@code job} over {@code items} items, a band for each thread, at least {@code least} of
   * them in a band; a job of fewer than {@code 2 * least} items runs on the caller alone.
   *
   * @throws RuntimeException what a band threw, after all bands have ended
   */
  public void run(int items, int least, Band job) {
    int bands = Math.min(threads(), items / Math.max(least, 1));
    begin(items, bands, false, job);
  }

  /**
   * The same with smaller and smaller bands, each taken by the thread that is free: for long jobs,
   * where one core may be slower than another.
   *
   * @throws RuntimeException what a band threw, after all bands have ended
   */
  public void share(int items, Band job) {
    begin(items, Math.min(threads(), items), true, job);
  }

  private void begin(int count, int bands, boolean isShare, Band job) {
    if (count <= 0) {
      return;
    }
    if (bands <= 1 || isClosed) {
      job.run(0, count, 0);
      return;
    }
    this.band = job;
    this.items = count;
    this.parts = bands;
    this.isShared = isShare;
    this.caller = Thread.currentThread();
    taken.set(0);
    // Every worker answers every job, also without a band: none can meet the next job late.
    unfinished.set(workers.length);
    epoch.incrementAndGet();
    for (Worker worker : workers) {
      worker.wake();
    }
    Throwable failure = null;
    try {
      bands(job, 0);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    awaitWorkers();
    this.band = null;
    this.caller = null;
    for (Worker worker : workers) {
      failure = worker.takeFailure(failure);
    }
    rethrow(failure);
  }

  // A thread's own band of a job, or those that it takes.
  private void bands(Band job, int thread) {
    if (!isShared) {
      int from = (int) ((long) items * thread / parts);
      int to = (int) ((long) items * (thread + 1) / parts);
      job.run(from, to, thread);
      return;
    }
    int from = taken.get();
    while (from < items) {
      int to = Math.min(items, from + Math.max(1, (items - from) / (SHARE * parts)));
      int seen = taken.compareAndExchange(from, to);
      if (seen == from) {
        job.run(from, to, thread);
        seen = taken.get();
      }
      from = seen;
    }
  }

  private void awaitWorkers() {
    long deadline = 0;
    int spins = 0;
    while (unfinished.get() != 0) {
      Thread.onSpinWait();
      if (++spins % SPINS_PER_CLOCK_READ != 0) {
        continue;
      }
      long now = System.nanoTime();
      if (deadline == 0) {
        deadline = now + SPIN_NANOS;
      } else if (now - deadline > 0) {
        isCallerParked = true;
        while (unfinished.get() != 0) {
          LockSupport.park(this);
        }
        isCallerParked = false;
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  /** Stops the threads; later jobs run on the caller. */
  @Override
  public void close() {
    isClosed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
    boolean isInterrupted = false;
    for (Worker worker : workers) {
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Worker extends Thread {
    private final int number;
    private volatile boolean isParked;
    private @Nullable Throwable failure;

    Worker(int number) {
      super("nearside-kernel-" + number);
      this.number = number;
      setDaemon(true);
    }

    void wake() {
      if (isParked) {
        LockSupport.unpark(this);
      }
    }

    @Nullable Throwable takeFailure(@Nullable Throwable earlier) {
      Throwable own = failure;
      failure = null;
      if (earlier == null || own == null) {
        return earlier == null ? own : earlier;
      }
      earlier.addSuppressed(own);
      return earlier;
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        seen = awaitEpoch(seen);
        if (isClosed) {
          return;
        }
        work();
      }
    }

    private int awaitEpoch(int seen) {
      long deadline = 0;
      int spins = 0;
      while (epoch.get() == seen && !isClosed) {
        Thread.onSpinWait();
        if (++spins % SPINS_PER_CLOCK_READ != 0) {
          continue;
        }
        long now = System.nanoTime();
        if (deadline == 0) {
          deadline = now + SPIN_NANOS;
        } else if (now - deadline > 0) {
          isParked = true;
          while (epoch.get() == seen && !isClosed) {
            LockSupport.park(Workers.this);
          }
          isParked = false;
        }
      }
      return epoch.get();
    }

    private void work() {
      Band job = band;
      try {
        if (job == null || number >= parts) {
          return;
        }
        bands(job, number);
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        Thread waiting = caller;
        if (unfinished.decrementAndGet() == 0 && isCallerParked) {
          LockSupport.unpark(waiting);
        }
      }
    }
  }
}
