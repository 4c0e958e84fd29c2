package dev.nearside.engine.pool;

import dev.nearside.chat.LoadedModelState;
import dev.nearside.engine.EngineStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One model of a pool, loading or loaded. The pool's lock guards what is neither final nor
 * volatile.
 */
final class PooledModel {
  final ModelSource.Found found;
  private final Instant since;
  private final CountDownLatch isReady = new CountDownLatch(1);
  private volatile @Nullable Opened engine;
  private volatile @Nullable Throwable failure;

  /** Memory that is set aside for keys and values. */
  long kvBytes;

  Instant lastUsed;
  Duration keepAlive = Duration.ZERO;
  int leases;

  /** Nobody gets it any more; it goes with the last lease. */
  boolean isLeaving;

  PooledModel(ModelSource.Found found, long kvBytes, Instant now) {
    this.found = found;
    this.kvBytes = kvBytes;
    this.since = now;
    this.lastUsed = now;
  }

  /** Tells those who wait. */
  void finish(@Nullable Opened opened, @Nullable Throwable why) {
    engine = opened;
    failure = why;
    isReady.countDown();
  }

  /** Waits until it is loaded; on failure and when interrupted the lease is given back. */
  EngineLease await(ModelPool pool) throws InterruptedException {
    try {
      isReady.await();
    } catch (InterruptedException e) {
      pool.release(this);
      throw e;
    }
    Opened opened = engine;
    if (opened == null) {
      pool.release(this);
      throw failed();
    }
    return new EngineLease(pool, this, opened);
  }

  private RuntimeException failed() {
    return switch (failure) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null, default -> new IllegalStateException("a model neither loaded nor failed");
    };
  }

  /** Bytes of weights, keys and values; none when an error ended it. */
  long bytes() {
    return isDead() ? 0 : found.bytes() + kvBytes;
  }

  /** Whether it can answer for {@code wanted}: a model that was made again is another one. */
  boolean isFor(ModelSource.Found wanted) {
    return !isDead()
        && found.path().equals(wanted.path())
        && found.options().equals(wanted.options());
  }

  boolean isLoaded() {
    return engine != null;
  }

  /** Loaded, and used by nobody. */
  boolean isIdle() {
    return isLoaded() && leases == 0;
  }

  /** Whether nobody wants it any more. */
  boolean isUnwanted() {
    return leases == 0 && (isLeaving || keepAlive.isZero());
  }

  /** Whether an error ended it. */
  boolean isDead() {
    Opened opened = engine;
    return opened != null && !opened.isAlive();
  }

  boolean isExpired(Instant now) {
    boolean isOver = !keepAlive.isNegative() && now.isAfter(lastUsed.plus(keepAlive));
    return isIdle() && (isLeaving || isOver);
  }

  /** What it is and takes; empty while it loads. */
  Optional<LoadedModelState> state() {
    Opened opened = engine;
    if (opened == null) {
      return Optional.empty();
    }
    return Optional.of(
        new LoadedModelState(
            opened.facts(found),
            opened.weightBytes(),
            opened.kvBytes(),
            leases,
            since,
            keepAlive.isNegative() ? null : lastUsed.plus(keepAlive)));
  }

  Optional<EngineStats> stats() {
    Opened opened = engine;
    return opened == null ? Optional.empty() : opened.stats();
  }

  void close() {
    Opened opened = engine;
    if (opened != null) {
      opened.close();
    }
  }
}
