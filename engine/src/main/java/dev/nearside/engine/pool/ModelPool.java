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
import org.jspecify.annotations.Nullable;

/**
 * The loaded models, their keys and values within one memory budget. Room for a new one is made by
 * unloading the one that was used least recently; one that is in use, or pinned, is never unloaded
 * for that.
 */
public final class ModelPool implements ModelManager, AutoCloseable {
  private static final int RETRY_SECONDS = 5;
  private static final long REAP_MILLIS = 500;
  private static final Duration FOREVER = Duration.ofSeconds(-1);
  private static final int MOST_KV_SHARE = 3; // of the pool's memory, for one model
  private static final int LEAST_KV_SHARE = 16;

  private final ModelSource source;
  private final PoolOptions options;
  private final Clock clock;
  private final Map<String, PooledModel> entries = new HashMap<>(); // by full name
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
    PooledModel entry;
    boolean isNew;
    List<PooledModel> dropped = new ArrayList<>();
    synchronized (this) {
      if (isClosed) {
        throw closing();
      }
      PooledModel known = entries.get(found.name());
      if (known != null && known.isDead()) {
        entries.remove(found.name()); // closed with its last lease
        if (known.leases == 0) {
          dropped.add(known);
        }
        known = null;
      }
      isNew = known == null;
      if (isNew) {
        dropped.addAll(makeRoom(found));
      }
      entry =
          Objects.requireNonNullElseGet(
              known, () -> new PooledModel(found, kvRoom(found), clock.instant()));
      entries.put(found.name(), entry);
      entry.leases++;
      if (isNew || keepAlive != null) {
        entry.keepAlive = keepAlive(found.name(), keepAlive);
      }
      entry.lastUsed = clock.instant();
    }
    dropped.forEach(PooledModel::close);
    if (isNew) {
      // On a thread of its own: whoever asked first may lose patience, and others wait too.
      Thread.ofPlatform().name("nearside-load").daemon().start(() -> load(entry));
    }
    return entry.await(this);
  }

  private Duration keepAlive(String name, @Nullable Duration asked) {
    if (options.pinned().contains(name)) {
      return FOREVER; // whatever a request says
    }
    return asked == null ? options.keepAlive() : asked;
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
  private void load(PooledModel entry) {
    try {
      Opened engine = Opened.of(entry.found.withKvLimit(entry.kvBytes));
      boolean isUseless;
      synchronized (this) {
        isUseless = isClosed || entry.isUnwanted(); // all who asked are gone
        if (isUseless) {
          entries.remove(entry.found.name(), entry);
        } else {
          entry.kvBytes = engine.kvLimitBytes();
          entry.finish(engine, null);
        }
      }
      if (isUseless) {
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
  private List<PooledModel> makeRoom(ModelSource.Found wanted) {
    long needed = wanted.bytes() + options.memoryBytes() / LEAST_KV_SHARE;
    if (needed > options.memoryBytes()) {
      throw new ChatException(
          Fault.of("the model does not fit into memory")
              .got(wanted.bytes() + " bytes, and some for keys and values")
              .expected("at most " + options.memoryBytes())
              .where(wanted.name()));
    }
    List<PooledModel> idle =
        entries.values().stream()
            .filter(e -> e.isIdle() && !options.pinned().contains(e.found.name()))
            .sorted(Comparator.comparing(e -> e.lastUsed))
            .toList();
    long used = usedBytes();
    List<PooledModel> dropped = new ArrayList<>();
    for (PooledModel e : idle) {
      if (used + needed <= options.memoryBytes()) {
        break;
      }
      dropped.add(e);
      used -= e.bytes();
    }
    if (used + needed > options.memoryBytes()) {
      throw new BusyException(
          Fault.of("all loaded models are in use, and another does not fit beside them")
              .got(wanted.name()),
          RETRY_SECONDS);
    }
    dropped.forEach(e -> entries.remove(e.found.name()));
    return dropped;
  }

  // With the lock.
  private long usedBytes() {
    return entries.values().stream().mapToLong(PooledModel::bytes).sum();
  }

  // With the lock, after makeRoom: what a new model may take for keys and values.
  private long kvRoom(ModelSource.Found wanted) {
    long left = options.memoryBytes() - usedBytes() - wanted.bytes();
    return Math.min(left, options.memoryBytes() / MOST_KV_SHARE);
  }

  /** Gives a lease back. */
  void release(PooledModel entry) {
    boolean isLast;
    synchronized (this) {
      entry.leases--;
      entry.lastUsed = clock.instant();
      boolean isReplaced = entries.get(entry.found.name()) != entry;
      // One that still loads is looked at when it is loaded.
      isLast = entry.isIdle() && (isReplaced || entry.isUnwanted());
      if (isLast) {
        entries.remove(entry.found.name(), entry);
      }
    }
    if (isLast) {
      entry.close();
    }
  }

  @Override
  public synchronized List<LoadedModelState> loaded() {
    return entries.values().stream()
        .sorted(Comparator.comparing((PooledModel e) -> e.lastUsed).reversed())
        .map(PooledModel::state)
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
    PooledModel entry;
    synchronized (this) {
      entry = entries.get(full);
      if (entry == null) {
        return false;
      }
      entry.isLeaving = true;
      if (!entry.isIdle()) {
        return true; // the last lease does it, or the thread that loads it
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
        List<PooledModel> dropped = new ArrayList<>();
        synchronized (this) {
          if (isClosed) {
            return;
          }
          Instant now = clock.instant();
          entries.values().stream().filter(e -> e.isExpired(now)).forEach(dropped::add);
          dropped.forEach(e -> entries.remove(e.found.name()));
        }
        dropped.forEach(PooledModel::close);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing: the thread ends
    }
  }

  /** Unloads everything; running replies end with an error. */
  @Override
  public void close() {
    List<PooledModel> all;
    synchronized (this) {
      isClosed = true;
      all = List.copyOf(entries.values());
      entries.clear();
    }
    reaper.interrupt();
    all.forEach(PooledModel::close);
  }
}
