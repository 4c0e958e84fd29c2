package dev.nearside.hub.download;

import dev.nearside.base.Fault;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.net.SourceException;
import java.time.Duration;

/** Counts failures in a row and waits between them; one per connection. Not thread-safe. */
final class Patience {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private final HubConfig.Timeouts timeouts;
  private int failures;

  Patience(HubConfig.Timeouts timeouts) {
    this.timeouts = timeouts;
  }

  /** Something worked: start counting again. */
  void progressed() {
    failures = 0;
  }

  /**
   * Waits before the next try.
   *
   * @param isUnderWay true when the server already answered once: then an unreachable one may come
   *     back
   * @throws SourceException {@code failure} itself when it is final, or one too many
   */
  void after(SourceException failure, boolean isUnderWay) throws InterruptedException {
    failures++;
    if (!failure.isTransient() && !(isUnderWay && failure.isUnreachable())) {
      throw failure;
    }
    Duration asked = failure.retryAfter();
    if (asked != null && asked.compareTo(LONGEST_WAIT) > 0) {
      throw SourceException.permanent(
          Fault.of(failure.fault().what())
              .got(String.valueOf(failure.fault().got()))
              .where("it asks to wait " + asked.toSeconds() + " s"),
          failure);
    }
    if (failures >= timeouts.attempts()) {
      throw SourceException.permanent(
          failure.fault().hint("Given up after " + failures + " tries in a row"), failure);
    }
    Duration backoff = timeouts.backoff().multipliedBy(1L << Math.min(failures - 1, 5));
    Thread.sleep(asked == null || asked.compareTo(backoff) < 0 ? backoff : asked);
  }
}
