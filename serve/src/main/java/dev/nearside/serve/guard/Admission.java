package dev.nearside.serve.guard;

import dev.nearside.base.Fault;
import dev.nearside.serve.http.HttpProblem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests work at once, and how many wait for their turn; the rest is sent away. */
final class Admission {
  private static final int RETRY_SECONDS = 2;
  private static final int SHARE = 4;

  private final Semaphore places;
  private final int total;
  private final int maxWaiting;
  private final AtomicInteger waiting = new AtomicInteger();

  Admission(int places, int maxWaiting) {
    this.places = new Semaphore(places, true);
    this.total = places;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Waits for a place.
   *
   * @throws HttpProblem when too many wait already
   */
  void enter() throws InterruptedException {
    if (places.tryAcquire()) {
      return;
    }
    try {
      if (waiting.incrementAndGet() > maxWaiting) {
        throw HttpProblem.later(
            HttpProblem.Kind.BUSY,
            Fault.of("too many requests are being answered")
                .got(total + " running, " + maxWaiting + " waiting"),
            RETRY_SECONDS);
      }
      places.acquire();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Takes one more place for a request that has one, if nobody waits for it. */
  boolean tryEnter() {
    return waiting.get() == 0 && places.tryAcquire();
  }

  /** Places of which one request may have more than its own. */
  int maxMore() {
    return Math.max(1, total / SHARE);
  }

  void leave() {
    places.release();
  }

  int running() {
    return total - places.availablePermits();
  }

  int waiting() {
    return waiting.get();
  }
}
