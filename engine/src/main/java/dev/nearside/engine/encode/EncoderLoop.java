package dev.nearside.engine.encode;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.BackendException;
import dev.nearside.model.EncoderInput;
import dev.nearside.model.EncoderModel;
import dev.nearside.model.Pooling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that computes with an encoder. Texts of all callers stand in one queue, and those
 * next to each other are computed together: what comes out is the same to the bit.
 */
public final class EncoderLoop implements AutoCloseable {
  /** Texts of one caller that are in the queue at once: a long list lets short ones pass. */
  private static final int WINDOW = 16;

  /** A text that someone waits for. */
  private record Job(EncoderInput input, Pooling pooling, CompletableFuture<float[]> result) {}

  private final EncoderModel model;
  private final int batchTokens;
  private final LinkedBlockingDeque<Job> queue = new LinkedBlockingDeque<>();
  private final Thread thread;
  private volatile boolean isClosed;

  /**
   * @param model closed with the loop
   * @param batchTokens tokens that are computed together; a single text may have more
   */
  public EncoderLoop(EncoderModel model, int batchTokens) {
    this.model = model;
    this.batchTokens = batchTokens;
    this.thread = Thread.ofPlatform().daemon().name("nearside-encoder").start(this::run);
  }

  /**
   * Computes texts, in the order given.
   *
   * @throws InterruptedException when the caller was interrupted; its texts leave the queue
   * @throws NearsideException when one of them can't be computed
   */
  public List<float[]> encode(List<EncoderInput> inputs, Pooling pooling)
      throws InterruptedException {
    List<float[]> out = new ArrayList<>(inputs.size());
    Deque<Job> waiting = new ArrayDeque<>();
    try {
      for (EncoderInput input : inputs) {
        if (waiting.size() == WINDOW) {
          out.add(await(waiting));
        }
        Job job = new Job(input, pooling, new CompletableFuture<>());
        waiting.add(job);
        submit(job);
      }
      while (!waiting.isEmpty()) {
        out.add(await(waiting));
      }
      return out;
    } finally {
      waiting.forEach(job -> job.result.cancel(false));
    }
  }

  private void submit(Job job) {
    queue.add(job);
    if (isClosed) { // perhaps after the thread looked for the last time
      job.result.completeExceptionally(closed());
    }
  }

  private static float[] await(Deque<Job> waiting) throws InterruptedException {
    Job first = waiting.getFirst();
    try {
      float[] result = first.result.get();
      waiting.removeFirst();
      return result;
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case NearsideException known -> known;
      case null, default ->
          new BackendException(Fault.of("the encoder failed").got(String.valueOf(cause)), cause);
    };
  }

  private void run() {
    try {
      while (!isClosed) {
        List<Job> batch = take();
        if (!batch.isEmpty()) {
          compute(batch);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } finally {
      isClosed = true;
      queue.forEach(job -> job.result.completeExceptionally(closed()));
    }
  }

  /** The next texts of one pooling that someone still waits for. */
  private List<Job> take() throws InterruptedException {
    List<Job> batch = new ArrayList<>();
    int tokens = 0;
    for (Job next = queue.take(); next != null; next = queue.poll()) {
      if (next.result.isDone()) {
        continue;
      }
      boolean isFitting =
          batch.isEmpty()
              || (next.pooling == batch.getFirst().pooling
                  && tokens + next.input.length() <= batchTokens);
      if (!isFitting) {
        queue.addFirst(next);
        break;
      }
      batch.add(next);
      tokens += next.input.length();
    }
    return batch;
  }

  private void compute(List<Job> batch) {
    try {
      List<EncoderInput> inputs = batch.stream().map(Job::input).toList();
      List<float[]> results =
          model.encode(
              inputs,
              batch.getFirst().pooling,
              () -> isClosed || batch.stream().allMatch(job -> job.result.isDone()));
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result.complete(results.get(i));
      }
    } catch (CancellationException e) {
      batch.forEach(job -> job.result.completeExceptionally(closed()));
    } catch (NearsideException e) {
      if (batch.size() == 1) {
        batch.getFirst().result.completeExceptionally(e);
      } else {
        batch.forEach(job -> compute(List.of(job))); // one of them is to blame
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(job -> job.result.completeExceptionally(e));
    }
  }

  private static BackendException closed() {
    return new BackendException(Fault.of("the encoder was closed"), null);
  }

  /** Whether its thread runs. */
  public boolean isAlive() {
    return !isClosed;
  }

  /** Stops the thread and closes the model; whoever waits is told. */
  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    model.close();
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
