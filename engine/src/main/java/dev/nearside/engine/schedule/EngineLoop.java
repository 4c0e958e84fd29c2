package dev.nearside.engine.schedule;

import dev.nearside.base.Fault;
import dev.nearside.chat.BackendException;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.ContextOverflowException;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.cache.KvCache;
import dev.nearside.engine.cache.KvFolder;
import dev.nearside.engine.power.EnginePace;
import dev.nearside.engine.speculate.Speculator;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the model and its keys and values. A step is: schedule, compute, sample.
 */
public final class EngineLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());
  private static final int RING_CAPACITY = 1024;
  private static final long STALLED_NANOS = 60_000_000_000L;
  private static final long STALL_CHECK_NANOS = 200_000_000L;
  private static final long IDLE_NANOS = Long.MAX_VALUE;

  /**
   * @param contextLength positions of one sequence
   * @param slots sequences that run at once
   * @param blocks blocks of keys and values for all of them
   * @param queue sequences that may wait
   * @param folder where blocks are kept for the next start; null = nowhere
   * @param speculator guesses tokens, is closed with the loop; null = nobody does
   */
  public record Settings(
      int contextLength,
      int slots,
      int blocks,
      int queue,
      @Nullable KvFolder folder,
      @Nullable Speculator speculator) {
    /** Without what can be left out. */
    public Settings(int contextLength, int slots, int blocks, int queue) {
      this(contextLength, slots, blocks, queue, null, null);
    }

    /** With blocks enough for all, and a long queue. */
    public Settings(int contextLength, int slots) {
      this(
          contextLength,
          slots,
          Math.multiplyExact(KvCache.blocksFor(contextLength), slots),
          Integer.MAX_VALUE - slots);
    }
  }

  private final LanguageModel model;
  private final LongSupplier stepClock;
  private final EnginePace pace;
  private final Settings settings;
  private final KvStore kv;
  private final KvCache cache;
  private final long kvLimitBytes;
  private final Counters counters = new Counters();
  private final Scheduler scheduler;
  private final Arena arena = Arena.ofShared();
  private final Steps steps;
  private final Thread thread;
  private final Object lock = new Object();
  private final Deque<Sequence> inbox = new ArrayDeque<>();
  private final Deque<FutureTask<?>> errands = new ArrayDeque<>();
  private boolean isClosed;
  private boolean hasNews;
  private long submitted;
  private volatile EngineStats stats;
  private @Nullable Throwable death; // what ended the thread before it was told to end

  /** Starts the thread. The model is closed with the loop. */
  public EngineLoop(LanguageModel model, Settings settings) {
    this(model, settings, new EnginePace(null));
  }

  /**
   * Starts the thread. The model is closed with the loop.
   *
   * @param pace the model's
   */
  public EngineLoop(LanguageModel model, Settings settings, EnginePace pace) {
    this(model, settings, pace, pace::nanos);
  }

  /**
   * @param stepClock nanoseconds that steps take
   */
  EngineLoop(LanguageModel model, Settings settings, LongSupplier stepClock) {
    this(model, settings, new EnginePace(null), stepClock);
  }

  private EngineLoop(
      LanguageModel model, Settings settings, EnginePace pace, LongSupplier stepClock) {
    this.model = model;
    this.pace = pace;
    this.stepClock = stepClock;
    this.settings = settings;
    if (settings.slots() < 1 || settings.slots() > model.maxBatch()) {
      throw new IllegalArgumentException(
          "slots: got " + settings.slots() + ", expected 1 to " + model.maxBatch());
    }
    this.kv = model.newKvStore(Math.min(settings.blocks(), 4));
    this.kvLimitBytes = settings.blocks() * kv.bytesPerBlock();
    this.cache = new KvCache(kv, settings.blocks(), settings.folder(), this::wake);
    Speculator speculator = settings.speculator();
    int rows = Math.max(settings.slots(), speculator == null ? 0 : Speculator.STEP_TOKENS);
    Scheduler.Limits limits =
        new Scheduler.Limits(
            settings.slots(), model.maxBatch(), rows, contextLength(), STALLED_NANOS);
    this.scheduler = new Scheduler(limits, cache, counters, speculator);
    this.stats = newStats();
    Floats logits = Floats.allocate(arena, (long) rows * model.info().vocabSize());
    this.steps = new Steps(model, kv, logits, scheduler, counters, contextLength(), stepClock);
    this.thread = Thread.ofPlatform().name("nearside-engine").daemon().unstarted(this::run);
    thread.start();
  }

  /** Bytes of the KV cache now. */
  public long kvBytes() {
    return stats.blocks().bytes();
  }

  /** Bytes of the KV cache at most. */
  public long kvLimitBytes() {
    return kvLimitBytes;
  }

  /** Whether its thread runs. */
  public boolean isAlive() {
    synchronized (lock) {
      return !isClosed;
    }
  }

  /** Bytes of the weights of a model that guesses; 0 without one. */
  public long draftWeightBytes() {
    return settings.speculator() == null ? 0 : settings.speculator().weightBytes();
  }

  /** Positions of one sequence. */
  public int contextLength() {
    return Math.min(settings.contextLength(), settings.blocks() * KvStore.BLOCK);
  }

  /** The engine's counters after the last step. */
  public EngineStats stats() {
    return stats;
  }

  /**
   * Queues a sequence; its tokens come through its ring.
   *
   * @throws BusyException when too many wait already
   * @throws ChatException when the prompt is empty or longer than the context, or the engine is
   *     closed
   */
  public Sequence submit(Sequence.Task task) {
    int length = task.prompt().length;
    if (length == 0) {
      throw new ChatException(Fault.of("the prompt is empty"));
    }
    if (length >= contextLength()) {
      throw new ContextOverflowException(
          Fault.of("the prompt is longer than the context")
              .got(length + " tokens")
              .expected("fewer than " + contextLength())
              .hint("Shorten the prompt or raise --ctx."),
          length,
          contextLength());
    }
    TokenRing ring = new TokenRing(RING_CAPACITY, this::wake);
    synchronized (lock) {
      if (isClosed) {
        throw death == null
            ? new BackendException(Fault.of("the engine is closed"), null)
            : broken(death);
      }
      int waiting = counters.open.get() - settings.slots();
      if (waiting >= settings.queue()) {
        int seconds = counters.retryAfterSeconds(settings.slots());
        throw new BusyException(
            Fault.of("too many requests are waiting")
                .got(waiting)
                .hint("Try again in " + seconds + " s."),
            seconds);
      }
      Sequence sequence = new Sequence(task, ring, submitted++, System.nanoTime());
      counters.open.incrementAndGet();
      inbox.addLast(sequence);
      tell();
      return sequence;
    }
  }

  /**
   * Has the engine thread do something with the model between two steps, and waits for it, also
   * when interrupted: what is done has an owner.
   *
   * @throws BackendException when the engine is closed
   * @throws RuntimeException what {@code work} threw
   */
  public <T> T between(Callable<T> work) {
    FutureTask<T> errand = new FutureTask<>(work);
    synchronized (lock) {
      if (isClosed) {
        throw death == null
            ? new BackendException(Fault.of("the engine is closed"), null)
            : broken(death);
      }
      errands.addLast(errand);
      tell();
    }
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return errand.get();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } catch (CancellationException e) {
      throw new BackendException(Fault.of("the engine was closed"), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw new BackendException(Fault.of("the engine could not do it"), e.getCause());
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Computes something of no use until steps are as quick as they get or somebody comes, at most
   * some seconds.
   *
   * @return seconds of the quickest round
   */
  public double warmUp() {
    Speculator speculator = settings.speculator();
    EngineWarmUp.Listener listener =
        speculator == null ? (tokens, nanos) -> {} : speculator::measured;
    return between(new EngineWarmUp(model, contextLength(), this::isWanted, stepClock, listener));
  }

  private boolean isWanted() {
    synchronized (lock) {
      return isClosed || !inbox.isEmpty() || !scheduler.isIdle();
    }
  }

  /** For tests: read it after {@link #close}. */
  KvCache cache() {
    return cache;
  }

  /** Looks again at cancelled sequences and rings. */
  public void wake() {
    synchronized (lock) {
      tell();
    }
  }

  /** Ends the running sequences, stops the thread and closes the model. */
  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      tell();
    }
    pace.hurry();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    // Made now: later there may be no memory for it.
    ChatException end = new BackendException(Fault.of("the engine was closed"), null);
    try {
      while (takeInbox()) {
        step();
      }
    } catch (Throwable e) {
      // Those who wait are told of an Error too; nobody else would say what it was.
      synchronized (lock) {
        death = e;
      }
      end = broken(e);
    } finally {
      synchronized (lock) {
        isClosed = true; // nobody may wait for a thread that is gone
        inbox.forEach(scheduler::add);
        inbox.clear();
        errands.forEach(errand -> errand.cancel(false));
        errands.clear();
      }
      end(end);
    }
  }

  private void end(ChatException why) {
    try {
      giveBack(why);
    } catch (Throwable e) {
      LOG.log(System.Logger.Level.WARNING, "the engine did not end as it should", e);
    }
  }

  // Whatever becomes of one step, the others follow: callers are told, and memory is free again.
  // Nested, because a list of steps would take memory that may be what is missing.
  private void giveBack(ChatException why) {
    try {
      cache.close();
    } finally {
      try {
        scheduler.close(why);
      } finally {
        try {
          closeSpeculator();
        } finally {
          closeMemory();
        }
      }
    }
  }

  private void closeMemory() {
    try {
      kv.close();
    } finally {
      try {
        arena.close();
      } finally {
        model.close();
      }
    }
  }

  // Before the model: it computes with its kernels.
  private void closeSpeculator() {
    Speculator speculator = settings.speculator();
    if (speculator != null) {
      speculator.close();
    }
  }

  private static BackendException broken(Throwable why) {
    return new BackendException(
        Fault.of("the engine stopped because of an error")
            .got(why)
            .hint("Open the model again; if memory ran out, with a smaller --ctx."),
        why);
  }

  // False when the loop is to end; waits while there is nothing to do.
  private boolean takeInbox() {
    synchronized (lock) {
      while (true) {
        inbox.forEach(scheduler::add);
        inbox.clear();
        if (isClosed) {
          return false;
        }
        if (!scheduler.isIdle() || !errands.isEmpty()) {
          return true;
        }
        cache.flush();
        stats = newStats();
        nap(IDLE_NANOS);
      }
    }
  }

  private void runErrands() {
    List<FutureTask<?>> now;
    synchronized (lock) {
      now = List.copyOf(errands);
      errands.clear();
    }
    now.forEach(FutureTask::run);
  }

  private void step() {
    runErrands();
    Plan plan = scheduler.next(System.nanoTime());
    if (plan.pieces().isEmpty() && !scheduler.isLoading()) {
      synchronized (lock) {
        nap(STALL_CHECK_NANOS); // every sequence waits for its caller
      }
      return;
    }
    cache.flush();
    if (plan.pieces().isEmpty()) {
      return;
    }
    steps.run(plan);
    stats = newStats();
  }

  private EngineStats newStats() {
    return new EngineStats(
        scheduler.running(),
        scheduler.waiting(),
        new EngineStats.Blocks(
            cache.inUse(),
            cache.kept(),
            cache.capacity(),
            kv.blocks() * kv.bytesPerBlock() + guessBytes(),
            cache.diskBytes()),
        new EngineStats.Tokens(
            counters.promptTokens,
            counters.cachedTokens,
            counters.generatedTokens,
            counters.draftedTokens,
            counters.acceptedTokens),
        counters.preemptions);
  }

  private long guessBytes() {
    return settings.speculator() == null ? 0 : settings.speculator().kvBytes();
  }

  // Called with the lock.
  private void tell() {
    hasNews = true;
    lock.notifyAll();
  }

  // Called with the lock: waits for news, but not longer than this.
  private void nap(long nanos) {
    long start = System.nanoTime();
    try {
      while (!hasNews && System.nanoTime() - start < nanos) {
        lock.wait(nanos == IDLE_NANOS ? 0 : 1 + (nanos - (System.nanoTime() - start)) / 1_000_000);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; closing goes through isClosed.
      throw new IllegalStateException("the engine thread was interrupted", e);
    }
    hasNews = false;
  }
}
