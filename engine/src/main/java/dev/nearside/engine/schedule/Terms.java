package dev.nearside.engine.schedule;

/**
 * On what terms a sequence is served.
 *
 * @param priority higher goes first
 * @param deadlineNanos when it must have ended, as {@link System#nanoTime} counts; {@link #NEVER} =
 *     whenever
 * @param cacheKey what keys and values depend on besides the tokens: names the adapter, empty
 *     without
 */
public record Terms(int priority, long deadlineNanos, String cacheKey) {
  /** No deadline. */
  public static final long NEVER = Long.MIN_VALUE;

  /** As everybody else. */
  public static final Terms USUAL = new Terms(0, NEVER, "");

  public Terms withPriority(int higherFirst) {
    return new Terms(higherFirst, deadlineNanos, cacheKey);
  }

  /** To end within so many nanoseconds from now. */
  public Terms within(long nanos) {
    long end = System.nanoTime() + nanos;
    return new Terms(priority, end == NEVER ? end + 1 : end, cacheKey);
  }

  public Terms withCacheKey(String adapter) {
    return new Terms(priority, deadlineNanos, adapter);
  }

  boolean isOver(long nowNanos) {
    return deadlineNanos != NEVER && nowNanos - deadlineNanos > 0;
  }

  /** Nanoseconds left; the largest number without a deadline. */
  long left(long nowNanos) {
    return deadlineNanos == NEVER ? Long.MAX_VALUE : deadlineNanos - nowNanos;
  }
}
