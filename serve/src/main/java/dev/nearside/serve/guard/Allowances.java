package dev.nearside.serve.guard;

import dev.nearside.serve.keys.UsageFile;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What each key has left. The day's tokens are written to a file now and then, and at the end: a
 * server that is killed forgets those since the last time.
 */
final class Allowances implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Allowances.class.getName());
  static final long SAVE_MILLIS = 10_000;

  private final @Nullable UsageFile file;
  private final Clock clock;
  private final Map<String, Allowance> byId = new ConcurrentHashMap<>();
  private final LocalDate started;
  private final Map<String, Long> before; // used at the start
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean isFailing;

  /**
   * @param file null = nothing is kept
   */
  Allowances(@Nullable UsageFile file, Clock clock, long saveMillis) {
    this.file = file;
    this.clock = clock;
    this.started = today();
    this.before = file == null ? Map.of() : read(file, started);
    if (file != null) {
      Thread.ofVirtual().name("nearside-usage").start(() -> saveOnAndOn(saveMillis));
    }
  }

  private static Map<String, Long> read(UsageFile file, LocalDate day) {
    try {
      return Map.copyOf(file.read(day));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "what keys have used today can't be read: {0}", e);
      return Map.of();
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** A key's, by its id. */
  Allowance of(String id) {
    return byId.computeIfAbsent(
        id, key -> new Allowance(clock, started, before.getOrDefault(key, 0L)));
  }

  private void saveOnAndOn(long millis) {
    try {
      while (!ended.await(millis, TimeUnit.MILLISECONDS)) {
        save();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  /** Writes what is new, if anything is. */
  private synchronized void save() {
    if (file == null) {
      return;
    }
    LocalDate day = today();
    Map<String, Long> more = new HashMap<>();
    byId.forEach((id, allowance) -> {
      long tokens = allowance.unsaved(day);
      if (tokens > 0) {
        more.put(id, tokens);
      }
    });
    if (more.isEmpty()) {
      return;
    }
    try {
      Map<String, Long> all = file.add(day, more);
      all.forEach((id, total) -> of(id).saved(day, more.getOrDefault(id, 0L), total));
      isFailing = false;
    } catch (IOException e) {
      if (!isFailing) {
        LOG.log(System.Logger.Level.WARNING, "what keys have used is not kept: {0}", e.toString());
      }
      isFailing = true; // told once; the next time tries again
    }
  }

  @Override
  public void close() {
    ended.countDown();
    save();
  }
}
