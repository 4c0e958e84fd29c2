package dev.nearside.engine.eval;

import dev.nearside.tensor.Floats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Spreads rows of logits over threads. */
final class RowPool implements AutoCloseable {
  /** What is done with one row; called by several threads at once. */
  @FunctionalInterface
  interface Task {
    /**
     * @param row index of the row
     * @param logits {@code (vocab)}; valid during the call
     * @param math the thread's own
     */
    void run(int row, float[] logits, LogProbs math);
  }

  private final int threads;
  private final int vocabSize;
  private final ExecutorService pool;

  RowPool(int threads, int vocabSize) {
    this.threads = threads;
    this.vocabSize = vocabSize;
    this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  /** Runs {@code task} for each of {@code rows} rows of {@code logits}, and waits for all. */
  void forEach(int rows, Floats logits, Task task) {
    int bands = Math.min(threads, rows);
    List<Future<?>> running = new ArrayList<>(bands);
    for (int band = 0; band < bands; band++) {
      int from = (int) ((long) rows * band / bands);
      int to = (int) ((long) rows * (band + 1) / bands);
      running.add(pool.submit(() -> runBand(from, to, logits, task)));
    }
    await(running);
  }

  private void runBand(int from, int to, Floats logits, Task task) {
    float[] row = new float[vocabSize];
    LogProbs math = new LogProbs();
    for (int i = from; i < to; i++) {
      logits.get((long) i * vocabSize, row, 0, vocabSize);
      task.run(i, row, math);
    }
  }

  // All of them, whatever one throws: they read memory that its owner may free afterwards.
  private static void await(List<Future<?>> running) {
    RuntimeException failure = null;
    boolean isInterrupted = false;
    for (Future<?> band : running) {
      boolean isDone = false;
      while (!isDone) {
        try {
          band.get();
          isDone = true;
        } catch (InterruptedException e) {
          isInterrupted = true;
        } catch (ExecutionException e) {
          failure = unwrap(e);
          isDone = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static RuntimeException unwrap(ExecutionException e) {
    return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  @Override
  public void close() {
    pool.close();
  }
}
