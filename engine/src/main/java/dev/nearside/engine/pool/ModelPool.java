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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The loaded models, their keys and values within one memory budget. Room for a new one is made by
 * unloading the one that was used least recently; one that is in use, or pinned, is never unloaded
 * for that.
 *
 * <p>A model that was made again, or is to be unloaded, is <b>leaving</b>: who has a lease keeps
 * it, who comes next gets another copy beside it, as soon as there is room for both.
 */
public final class ModelPool implements ModelManager, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ModelPool.class.getName());
  private static final int RETRY_SECONDS = 5;
  private static final long REAP_MILLIS = 500;
  private static final Duration FOREVER = Duration.ofSeconds(-1);
  private static final int MOST_KV_SHARE = 3; // of the pool's memory, for one model
  private static final int LEAST_KV_SHARE = 16;

  private final ModelSource source;
  private final PoolOptions options;
  private final Clock clock;
  private final Executor loaders;
  private final Map<String, PooledModel> entries = new HashMap<>(); // by full name
  private final Set<PooledModel> leaving = new LinkedHashSet<>(); // no entries any more
  private final Thread reaper;
  private boolean isClosed;

  /** An empty pool. */
  public ModelPool(ModelSource source, PoolOptions options, Clock clock) {
    this(source, options, clock, ModelPool::startLoading);
  }

  /**
   * @param loaders runs what loads a model, on another thread
   */
  ModelPool(ModelSource source, PoolOptions options, Clock clock, Executor loaders) {
    this.source = source;
    this.options = options;
    this.clock = clock;
    this.loaders = loaders;
    this.reaper = Thread.ofPlatform().name("nearside-models").daemon().unstarted(this::reap);
    reaper.start();
  }

  // Of its own: whoever asked first may lose patience, and others wait too.
  private static void startLoading(Runnable loading) {
    Thread.ofPlatform().name("nearside-load").daemon().start(loading);
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
      if (known != null && !known.isFor(found)) {
        leave(known);
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
    if (isNew) {
      begin(entry, dropped);
    }
    return entry.await(this);
  }

  // Others may wait for the entry already: whatever happens, they are told.
  private void begin(PooledModel entry, List<PooledModel> dropped) {
    try {
      dropped.forEach(PooledModel::close);
      loaders.execute(() -> load(entry));
    } catch (RuntimeException | Error e) {
      fail(entry, e);
    }
  }

  private void fail(PooledModel entry, Throwable why) {
    synchronized (this) {
      forget(entry);
    }
    entry.finish(null, why);
  }

  // With the lock. Nobody gets it any more; makeRoom, the reaper or the last lease closes it.
  private void leave(PooledModel entry) {
    entry.isLeaving = true;
    entries.remove(entry.found.name(), entry);
    leaving.add(entry);
  }

  // With the lock.
  private void forget(PooledModel entry) {
    entries.remove(entry.found.name(), entry);
    leaving.remove(entry);
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
          forget(entry);
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
      fail(entry, e);
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
    List<PooledModel> dropped = new ArrayList<>();
    leaving.stream().filter(PooledModel::isIdle).forEach(dropped::add);
    long used = usedBytes() - dropped.stream().mapToLong(PooledModel::bytes).sum();
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
    dropped.forEach(this::forget);
    return dropped;
  }

  // With the lock.
  private long usedBytes() {
    return all().mapToLong(PooledModel::bytes).sum();
  }

  // With the lock.
  private Stream<PooledModel> all() {
    return Stream.concat(entries.values().stream(), leaving.stream());
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
        forget(entry);
      }
    }
    if (isLast) {
      entry.close();
    }
  }

  /** The models in memory, the most recently used first; of two with one name, the later one. */
  @Override
  public synchronized List<LoadedModelState> loaded() {
    return byName().values().stream()
        .sorted(Comparator.comparing((PooledModel e) -> e.lastUsed).reversed())
        .map(PooledModel::state)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The counters of the loaded engines, by name. */
  public synchronized Map<String, EngineStats> stats() {
    Map<String, EngineStats> out = new TreeMap<>();
    byName().forEach((name, entry) -> entry.stats().ifPresent(stats -> out.put(name, stats)));
    return out;
  }

  // With the lock. Those that are loaded; one that is leaving while the next is not there yet.
  private Map<String, PooledModel> byName() {
    Map<String, PooledModel> out = new HashMap<>();
    Stream.concat(leaving.stream(), entries.values().stream())
        .filter(PooledModel::isLoaded)
        .forEach(e -> out.put(e.found.name(), e));
    return out;
  }

  @Override
  public boolean unload(String name) {
    String full = source.find(name).name();
    PooledModel entry;
    synchronized (this) {
      entry = entries.get(full);
      if (entry == null) {
        return leaving.stream().anyMatch(e -> e.found.name().equals(full));
      }
      leave(entry);
      if (!entry.isIdle()) {
        return true; // the last lease does it, or the thread that loads it
      }
      forget(entry);
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
          all().filter(e -> e.isExpired(now)).forEach(dropped::add);
          dropped.forEach(this::forget);
        }
        dropped.forEach(ModelPool::closeOrLog);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing: the thread ends
    }
  }

  // For those that nobody waits for: the others are closed all the same.
  private static void closeOrLog(PooledModel entry) {
    try {
      entry.close();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.WARNING, "could not unload " + entry.found.name(), e);
    }
  }

  /** Unloads everything; running replies end with an error. */
  @Override
  public void close() {
    List<PooledModel> all;
    synchronized (this) {
      isClosed = true;
      all = all().toList();
      entries.clear();
      leaving.clear();
    }
    reaper.interrupt();
    all.forEach(ModelPool::closeOrLog);
  }
}
