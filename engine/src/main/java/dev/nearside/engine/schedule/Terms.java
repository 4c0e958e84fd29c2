package dev.nearside.engine.schedule;

/**
 * On what terms a sequence is served.
 *
 * @param priority higher goes first
 * @param deadlineNanos when it must have ended, as {@link System#nanoTime} counts; {@link #NEVER} =
 *     whenever
 * @param cacheKey what keys and values depend on besides the tokens, and who may share them: names
 *     the adapter and the owner; empty without
 */
public record Terms(int priority, long deadlineNanos, String cacheKey) {
  /** No deadline. */
  public static final long NEVER = Long.MIN_VALUE;

  // Any two moments can still be told apart: nanoTime wraps.
  private static final long LONGEST = Long.MAX_VALUE / 4;

  /** As everybody else. */
  public static final Terms USUAL = new Terms(0, NEVER, "");

  public Terms withPriority(int higherFirst) {
    return new Terms(higherFirst, deadlineNanos, cacheKey);
  }

  /** To end within so many nanoseconds from now. */
  public Terms within(long nanos) {
    long end = System.nanoTime() + Math.min(nanos, LONGEST);
    return new Terms(priority, end == NEVER ? end + 1 : end, cacheKey);
  }

  public Terms withCacheKey(String key) {
    return new Terms(priority, deadlineNanos, key);
  }

  boolean isOver(long nowNanos) {
    return deadlineNanos != NEVER && nowNanos - deadlineNanos > 0;
  }

  /** The earlier deadline first, none last. */
  int compareDeadline(Terms other) {
    if (deadlineNanos == NEVER || other.deadlineNanos == NEVER) {
      return Boolean.compare(deadlineNanos == NEVER, other.deadlineNanos == NEVER);
    }
    return Long.compare(deadlineNanos - other.deadlineNanos, 0);
  }
}
