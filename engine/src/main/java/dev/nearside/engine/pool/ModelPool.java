package dev.nearside.engine.pool;

import dev.nearside.base.Fault;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.ModelManager;
import dev.nearside.engine.EngineStats;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The loaded models. Room for a new one is made by unloading the one that was used least recently;
 * one that is in use, or pinned, is never unloaded for that.
 */
public final class ModelPool implements ModelManager, AutoCloseable {
  private static final int RETRY_SECONDS = 5;
  private static final long REAP_MILLIS = 500;

  private final ModelSource source;
  private final PoolOptions options;
  private final Clock clock;
  private final Map<String, Entry> entries = new HashMap<>(); // by full name
  private final Thread reaper;
  private boolean isClosed;

  /** An empty pool. */
  public ModelPool(ModelSource source, PoolOptions options, Clock clock) {
    this.source = source;
    this.options = options;
    this.clock = clock;
    this.reaper = Thread.ofPlatform().name("nearside-models").daemon().unstarted(this::reap);
    reaper.start();
  }

  @Override
  public ModelLease acquire(String name, @Nullable Duration keepAlive) throws InterruptedException {
    return lease(name, keepAlive);
  }

  private EngineLease lease(String name, @Nullable Duration keepAlive) throws InterruptedException {
    ModelSource.Found found = source.find(name);
    Entry entry;
    boolean isNew;
    List<Entry> dropped = List.of();
    synchronized (this) {
      if (isClosed) {
        throw closing();
      }
      Entry known = entries.get(found.name());
      isNew = known == null;
      if (isNew) {
        dropped = makeRoom(found);
      }
      entry = Objects.requireNonNullElseGet(known, () -> new Entry(found, clock.instant()));
      entries.put(found.name(), entry);
      entry.leases++;
      entry.keepAlive = keepAlive == null ? options.keepAlive() : keepAlive;
      entry.lastUsed = clock.instant();
    }
    dropped.forEach(Entry::close);
    if (isNew) {
      // On a thread of its own: whoever asked first may lose patience, and others wait too.
      Thread.ofPlatform().name("nearside-load").daemon().start(() -> load(entry));
    }
    return entry.await(this);
  }

  /**
   * Loads a model before anybody asks for it, so that the first request is answered as quickly as
   * later ones.
   */
  public void preload(String name, @Nullable Duration keepAlive) throws InterruptedException {
    try (EngineLease lease = lease(name, keepAlive)) {
      lease.warmUp();
    }
  }

  // Outside the lock: others go on while a model is read.
  private void load(Entry entry) {
    try {
      Opened engine = Opened.of(entry.found);
      boolean isLate;
      synchronized (this) {
        isLate = isClosed;
        if (!isLate) {
          entry.finish(engine, null);
        }
      }
      if (isLate) {
        engine.close();
        entry.finish(null, closing());
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        entries.remove(entry.found.name(), entry);
      }
      entry.finish(null, e);
    }
  }

  private static BusyException closing() {
    return new BusyException(Fault.of("the server is shutting down"), RETRY_SECONDS);
  }

  // With the lock. Chooses models to unload until the new one fits, or says why it can't.
  private List<Entry> makeRoom(ModelSource.Found wanted) {
    if (wanted.bytes() > options.memoryBytes()) {
      throw new ChatException(
          Fault.of("the model does not fit into memory")
              .got(wanted.bytes() + " bytes")
              .expected("at most " + options.memoryBytes())
              .where(wanted.name()));
    }
    List<Entry> idle =
        entries.values().stream()
            .filter(e -> e.leases == 0 && !options.pinned().contains(e.found.name()))
            .sorted(Comparator.comparing(e -> e.lastUsed))
            .toList();
    long used = entries.values().stream().mapToLong(e -> e.found.bytes()).sum();
    List<Entry> dropped = new ArrayList<>();
    for (Entry e : idle) {
      if (used + wanted.bytes() <= options.memoryBytes()) {
        break;
      }
      dropped.add(e);
      used -= e.found.bytes();
    }
    if (used + wanted.bytes() > options.memoryBytes()) {
      throw new BusyException(
          Fault.of("all loaded models are in use, and another does not fit beside them")
              .got(wanted.name()),
          RETRY_SECONDS);
    }
    dropped.forEach(e -> entries.remove(e.found.name()));
    return dropped;
  }

  /** Gives a lease back. */
  void release(Entry entry) {
    boolean isUnwanted;
    synchronized (this) {
      entry.leases--;
      entry.lastUsed = clock.instant();
      isUnwanted = entry.leases == 0 && (entry.isLeaving || entry.keepAlive.isZero());
      if (isUnwanted) {
        entries.remove(entry.found.name(), entry);
      }
    }
    if (isUnwanted) {
      entry.close();
    }
  }

  @Override
  public synchronized List<LoadedModelState> loaded() {
    return entries.values().stream()
        .sorted(Comparator.comparing((Entry e) -> e.lastUsed).reversed())
        .map(Entry::state)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The counters of the loaded engines, by name. */
  public synchronized Map<String, EngineStats> stats() {
    Map<String, EngineStats> out = new TreeMap<>();
    entries.forEach((name, entry) -> entry.stats().ifPresent(stats -> out.put(name, stats)));
    return out;
  }

  @Override
  public boolean unload(String name) {
    String full = source.find(name).name();
    Entry entry;
    synchronized (this) {
      entry = entries.get(full);
      if (entry == null) {
        return false;
      }
      entry.isLeaving = true;
      if (entry.leases > 0) {
        return true; // the last lease does it
      }
      entries.remove(full);
    }
    entry.close();
    return true;
  }

  private void reap() {
    try {
      while (true) {
        Thread.sleep(REAP_MILLIS);
        List<Entry> dropped = new ArrayList<>();
        synchronized (this) {
          if (isClosed) {
            return;
          }
          Instant now = clock.instant();
          entries.values().stream().filter(e -> e.isExpired(now)).forEach(dropped::add);
          dropped.forEach(e -> entries.remove(e.found.name()));
        }
        dropped.forEach(Entry::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing: the thread ends
    }
  }

  /** Unloads everything; running replies end with an error. */
  @Override
  public void close() {
    List<Entry> all;
    synchronized (this) {
      isClosed = true;
      all = List.copyOf(entries.values());
      entries.clear();
    }
    reaper.interrupt();
    all.forEach(Entry::close);
  }

  /** One model, loading or loaded. The pool's lock guards what is not final. */
  static final class Entry {
    final ModelSource.Found found;
    private final CountDownLatch isReady = new CountDownLatch(1);
    private volatile @Nullable Opened engine;
    private volatile @Nullable Throwable failure;
    private final Instant loaded;
    private Instant lastUsed;
    private Duration keepAlive = Duration.ZERO;
    private int leases;
    private boolean isLeaving;

    Entry(ModelSource.Found found, Instant now) {
      this.found = found;
      this.loaded = now;
      this.lastUsed = now;
    }

    void finish(@Nullable Opened opened, @Nullable Throwable why) {
      engine = opened;
      failure = why;
      isReady.countDown();
    }

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

    boolean isExpired(Instant now) {
      return leases == 0 && !keepAlive.isNegative() && now.isAfter(lastUsed.plus(keepAlive));
    }

    Optional<LoadedModelState> state() {
      Opened opened = engine;
      if (opened == null) {
        return Optional.empty(); // still loading
      }
      return Optional.of(
          new LoadedModelState(
              opened.facts(found),
              opened.weightBytes(),
              opened.kvBytes(),
              leases,
              loaded,
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
}
