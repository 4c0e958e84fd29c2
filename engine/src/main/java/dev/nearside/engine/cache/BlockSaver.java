package dev.nearside.engine.cache;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks to {@link BlockFiles} on a thread of its own. The engine fills one of a few buffers
 * and goes on; while all are busy it keeps what is to be written for later. A disk that is full or
 * broken costs a line in the log, and nothing is written for a while; so does an error.
 */
final class BlockSaver implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BlockSaver.class.getName());
  private static final int BUFFERS = 4;
  private static final long RETRY_NANOS = 60_000_000_000L;
  private static final long CLOSE_MILLIS = 5_000;

  /** A filled buffer; the end has none. */
  private record Job(@Nullable PrefixHash hash, @Nullable MemorySegment block) {}

  /** Where blocks are written to. */
  @FunctionalInterface
  interface Sink {
    void save(PrefixHash hash, MemorySegment block) throws IOException;
  }

  private final Sink files;
  private final Runnable onRoom;
  private final Arena arena = Arena.ofShared();
  private final BlockingQueue<MemorySegment> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final Thread thread;
  private volatile long failedAt;
  private volatile boolean isResting;

  /**
   * @param onRoom called when a buffer is free again
   */
  BlockSaver(Sink files, long blockBytes, Runnable onRoom) {
    this.files = files;
    this.onRoom = onRoom;
    for (int i = 0; i < BUFFERS; i++) {
      free.add(arena.allocate(blockBytes, 64));
    }
    this.thread = Thread.ofPlatform().name("nearside-kv-saver").daemon().start(this::run);
  }

  /** A buffer to fill, or null while all are busy. */
  @Nullable MemorySegment buffer() {
    return free.poll();
  }

  /** A buffer to fill, when one comes free in time. */
  @Nullable MemorySegment buffer(long millis) throws InterruptedException {
    return free.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Gives back a buffer that was not filled. */
  void giveBack(MemorySegment buffer) {
    free.add(buffer);
  }

  /** Whether writing failed lately, so that there is no point in filling buffers. */
  boolean isResting() {
    return isResting && System.nanoTime() - failedAt < RETRY_NANOS;
  }

  /** Writes a filled buffer. */
  void save(PrefixHash hash, MemorySegment block) {
    jobs.add(new Job(hash, block));
  }

  private void run() {
    try {
      Job job = jobs.take();
      while (job.hash != null && job.block != null) {
        write(job.hash, job.block);
        free.add(job.block);
        onRoom.run();
        job = jobs.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does: the end comes through the queue
    } finally {
      free.clear(); // nobody fills what is gone
      arena.close();
    }
  }

  private void write(PrefixHash hash, MemorySegment block) {
    if (isResting()) {
      return;
    }
    try {
      files.save(hash, block);
      isResting = false;
    } catch (Throwable e) {
      // An Error too: without this thread nobody could close, and the engine goes on without files.
      boolean isFirst = !isResting;
      failedAt = System.nanoTime();
      isResting = true;
      if (isFirst) {
        LOG.log(System.Logger.Level.WARNING, "KV blocks are not kept on disk: {0}", e.toString());
      }
    }
  }

  /** Waits until what was given is written, but not for long. */
  @Override
  public void close() {
    jobs.add(new Job(null, null));
    boolean wasInterrupted = false;
    long end = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
    long left = CLOSE_MILLIS;
    while (thread.isAlive() && left > 0) {
      try {
        thread.join(left);
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
      left = (end - System.nanoTime()) / 1_000_000;
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
