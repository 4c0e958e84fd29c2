package dev.nearside.engine.schedule;

import java.util.concurrent.atomic.AtomicInteger;

/** What the engine counts. The engine thread writes, all but {@link #open}. */
final class Counters {
  private static final double WEIGHT = 0.2; // of the newest sequence
  private static final int LONGEST_RETRY = 60;

  /** Sequences that were submitted and have not ended. */
  final AtomicInteger open = new AtomicInteger();

  long promptTokens; // computed
  long cachedTokens; // prompt tokens that were found computed
  long generatedTokens;
  long draftedTokens;
  long acceptedTokens;
  long preemptions;
  private volatile double meanNanos; // of a sequence, from submission to end

  void ended(long nanos) {
    open.decrementAndGet();
    meanNanos = meanNanos == 0 ? nanos : meanNanos + WEIGHT * (nanos - meanNanos);
  }

  /** Seconds until one of {@code places} sequences has ended, from any thread. */
  int retryAfterSeconds(int places) {
    double seconds = Math.ceil(meanNanos / 1e9 / places);
    return (int) Math.clamp(seconds, 1, LONGEST_RETRY);
  }
}
