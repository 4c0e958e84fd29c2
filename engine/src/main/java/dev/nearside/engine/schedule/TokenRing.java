package dev.nearside.engine.schedule;

import dev.nearside.chat.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * The bounded way of token ids from the engine thread to the caller of one sequence. The engine
 * never waits on it: a full ring pauses its sequence.
 */
public final class TokenRing {
  /** Returned by {@link #take} when no token follows. */
  public static final int END = -1;

  /**
   * What a caller has taken so far.
   *
   * @param decodeNanos between the making of the first and of the last of these tokens
   * @param isAll whether the caller has seen the end, and so all that was generated
   */
  public record Taken(int tokens, long decodeNanos, boolean isAll) {}

  private final int[] ids;
  private final long[] madeNanos;
  private int head;
  private int size;
  private @Nullable FinishReason reason;
  private @Nullable RuntimeException failure;
  private int taken;
  private long firstNanos;
  private long lastNanos;
  private boolean isEndSeen;
  private final Runnable onRoom;

  /**
   * @param onRoom called on the caller's thread when a full ring has room again
   */
  public TokenRing(int capacity, Runnable onRoom) {
    this.ids = new int[capacity];
    this.madeNanos = new long[capacity];
    this.onRoom = onRoom;
  }

  public synchronized boolean isFull() {
    return size == ids.length;
  }

  /** Tokens that can be put. */
  synchronized int room() {
    return ids.length - size;
  }

  /** Adds a token that was made at {@code nowNanos}; the ring must not be full. */
  synchronized void put(int id, long nowNanos) {
    if (size == ids.length) {
      throw new IllegalStateException("token ring is full");
    }
    int at = (head + size++) % ids.length;
    ids[at] = id;
    madeNanos[at] = nowNanos;
    notifyAll();
  }

  /** Ends the stream; what was put before is still taken. */
  synchronized void end(FinishReason why) {
    reason = why;
    notifyAll();
  }

  /** Ends the stream with an error. */
  synchronized void fail(RuntimeException why) {
    failure = why;
    notifyAll();
  }

  /**
   * The next token, or {@link #END}.
   *
   * @throws RuntimeException what the engine failed with
   */
  public int take() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException(); // also while tokens are there: nobody wants them
    }
    boolean wasFull;
    int id;
    synchronized (this) {
      while (size == 0) {
        if (failure != null) {
          throw failure;
        }
        if (reason != null) {
          isEndSeen = true;
          return END;
        }
        wait();
      }
      wasFull = size == ids.length;
      id = ids[head];
      lastNanos = madeNanos[head];
      firstNanos = taken++ == 0 ? lastNanos : firstNanos;
      head = (head + 1) % ids.length;
      size--;
    }
    if (wasFull) {
      onRoom.run();
    }
    return id;
  }

  /** What was taken; the engine may be ahead of it. */
  public synchronized Taken taken() {
    return new Taken(taken, lastNanos - firstNanos, isEndSeen);
  }

  /** Why the stream ended; null while it has not. */
  public synchronized @Nullable FinishReason reason() {
    return reason;
  }
}
