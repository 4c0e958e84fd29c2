package dev.nearside.engine.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Finished;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.LoadedModelState;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Sampling;
import dev.nearside.chat.UnknownModelException;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LocalEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tiny models of 100 MB each, as far as the pool knows, in a pool of 250 MB. */
@Timeout(120)
class ModelPoolTest {
  private static final Path GOLDEN =
      Path.of("..", "model", "src", "test", "resources", "golden", "llama", "llama.gguf");
  private static final Duration LONG = Duration.ofHours(1);
  private static final EngineOptions OPTIONS =
      EngineOptions.DEFAULTS.withKernels("scalar").withContextLength(128);

  private static final long MB = 1_000_000;

  private final List<String> found = new ArrayList<>();
  private volatile EngineOptions options = OPTIONS;

  private ModelSource.Found find(String name) {
    if (name.startsWith("no")) {
      throw new UnknownModelException(Fault.of("no such model").got(name));
    }
    synchronized (found) {
      found.add(name);
    }
    Path path = name.startsWith("broken") ? Path.of("pom.xml") : GOLDEN;
    long bytes = name.startsWith("huge") ? 1000 * MB : 100 * MB;
    return new ModelSource.Found(name, path, bytes, "F32", options);
  }

  private ModelPool pool(Duration keepAlive, String... pinned) {
    PoolOptions options = new PoolOptions(250 * MB, keepAlive, Set.of(pinned));
    return new ModelPool(this::find, options, Clock.systemUTC());
  }

  private static List<String> names(ModelPool pool) {
    return pool.loaded().stream().map(state -> state.facts().name()).sorted().toList();
  }

  private static void use(ModelPool pool, String name) throws InterruptedException {
    try (ModelLease lease = pool.acquire(name, null)) {
      assertEquals(name, lease.facts().name());
    }
  }

  @Test
  void acquire_loadedModel_answers() throws InterruptedException {
    try (ModelPool pool = pool(LONG);
        ModelLease lease = pool.acquire("a", null)) {
      Generation generation = Generation.of(Sampling.GREEDY, new Limits(3, List.of()));
      Finished end =
          lease
              .completions()
              .complete(
                  new CompletionRequest(new Prompt.Text("the people", false), generation),
                  event -> {});
      assertEquals(3, end.usage().completionTokens());
      LoadedModelState state = pool.loaded().getFirst();
      assertEquals(1, state.leases());
      assertTrue(state.weightBytes() > 0);
    }
  }

  @Test
  void preload_thenNobody_keepsTheModelAsLongAsSaid() throws InterruptedException {
    try (ModelPool pool = pool(LONG)) {
      pool.preload("a", Duration.ofSeconds(-1));
      LoadedModelState state = pool.loaded().getFirst();
      assertEquals(0, state.leases());
      assertEquals("a", state.facts().name());
    }
  }

  @Test
  void acquire_moreThanFit_dropsTheLeastRecentlyUsed() throws InterruptedException {
    try (ModelPool pool = pool(LONG)) {
      use(pool, "a");
      use(pool, "b");
      use(pool, "a");
      use(pool, "c");
      assertEquals(List.of("a", "c"), names(pool));
    }
  }

  @Test
  void acquire_pinnedOrBusy_staysAndTheNewcomerWaits() throws InterruptedException {
    try (ModelPool pool = pool(LONG, "a")) {
      use(pool, "a");
      ModelLease busy = pool.acquire("b", null);
      BusyException e = assertThrows(BusyException.class, () -> pool.acquire("c", null));
      assertTrue(e.retryAfterSeconds() > 0);
      assertEquals(List.of("a", "b"), names(pool));
      busy.close();
      use(pool, "c");
      assertEquals(List.of("a", "c"), names(pool));
    }
  }

  @Test
  void acquire_tooLarge_isRefusedWithBothSizes() {
    try (ModelPool pool = pool(LONG)) {
      ChatException e = assertThrows(ChatException.class, () -> pool.acquire("huge", null));
      assertTrue(String.valueOf(e.getMessage()).contains("1000"), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).contains("250"), e.getMessage());
    }
  }

  @Test
  void acquire_brokenFile_failsEachTimeAndTakesNoRoom() throws InterruptedException {
    try (ModelPool pool = pool(LONG)) {
      assertThrows(NearsideException.class, () -> pool.acquire("broken", null));
      assertThrows(NearsideException.class, () -> pool.acquire("broken", null));
      use(pool, "a");
      use(pool, "b");
      assertEquals(List.of("a", "b"), names(pool));
    }
  }

  @Test
  void acquire_unknownModel_isSaid() {
    try (ModelPool pool = pool(LONG)) {
      assertThrows(UnknownModelException.class, () -> pool.acquire("nobody", null));
    }
  }

  @Test
  void acquire_manyAtOnce_loadsOnce() throws Exception {
    try (ModelPool pool = pool(LONG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ModelLease>> leases = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        leases.add(threads.submit(() -> pool.acquire("a", null)));
      }
      Set<Object> engines = new java.util.HashSet<>();
      for (Future<ModelLease> lease : leases) {
        engines.add(lease.get().completions());
      }
      assertEquals(1, engines.size());
      assertEquals(20, pool.loaded().getFirst().leases());
      for (Future<ModelLease> lease : leases) {
        lease.get().close();
        lease.get().close(); // a second time changes nothing
      }
      assertEquals(0, pool.loaded().getFirst().leases());
    }
  }

  @Test
  void keepAlive_zeroAndShort_unloads() throws InterruptedException {
    try (ModelPool pool = pool(LONG)) {
      pool.acquire("a", Duration.ZERO).close();
      assertEquals(List.of(), names(pool));
      pool.acquire("b", Duration.ofMillis(1)).close();
      pool.acquire("c", Duration.ofSeconds(-1)).close();
      for (int i = 0; i < 100 && names(pool).size() > 1; i++) {
        Thread.sleep(100);
      }
      assertEquals(List.of("c"), names(pool));
    }
  }

  @Test
  void keepAlive_notSaid_leavesWhatWasSaidBefore() throws InterruptedException {
    try (ModelPool pool = pool(Duration.ofMillis(1))) {
      pool.acquire("a", LONG).close();
      pool.acquire("a", null).close();
      Thread.sleep(1_500);
      assertEquals(List.of("a"), names(pool));
    }
  }

  @Test
  void keepAlive_ofARequest_doesNotMoveAPinnedModel() throws InterruptedException {
    try (ModelPool pool = pool(Duration.ofMillis(1), "a")) {
      pool.preload("a", null);
      pool.acquire("a", Duration.ZERO).close();
      pool.acquire("a", Duration.ofMillis(1)).close();
      Thread.sleep(1_500);
      assertEquals(List.of("a"), names(pool));
      assertTrue(pool.unload("a"), "but a command does");
      assertEquals(List.of(), names(pool));
    }
  }

  @Test
  void acquire_thenGoneWhileItLoads_leavesNothing() throws InterruptedException {
    long before = engines();
    try (ModelPool pool = pool(LONG)) {
      for (int i = 0; i < 20; i++) {
        Thread asking = Thread.ofPlatform().start(() -> acquireAndGo(pool));
        Thread.sleep(i);
        asking.interrupt();
        asking.join();
      }
      for (int i = 0; i < 100 && engines() > before; i++) {
        Thread.sleep(50);
      }
      assertEquals(before, engines());
      assertEquals(List.of(), names(pool));
      use(pool, "a");
    }
  }

  private static void acquireAndGo(ModelPool pool) {
    try {
      pool.acquire("a", Duration.ZERO).close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // as wanted
    }
  }

  // Those that are being loaded, too.
  private static long engines() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.equals("nearside-engine") || name.equals("nearside-load"))
        .count();
  }

  @Test
  void acquire_afterAnEngineDied_loadsAnother() throws InterruptedException {
    try (ModelPool pool = pool(LONG);
        ModelLease old = pool.acquire("a", null)) {
      ((LocalEngine) old.completions()).close();
      try (ModelLease next = pool.acquire("a", null)) {
        assertNotSame(old.completions(), next.completions());
        assertTrue(((LocalEngine) next.completions()).isAlive());
      }
      assertEquals(List.of("a"), names(pool));
    }
  }

  @Test
  void memory_forKeysAndValues_isShared() throws InterruptedException {
    try (ModelPool pool = pool(LONG);
        ModelLease lease = pool.acquire("a", null)) {
      LocalEngine engine = (LocalEngine) lease.completions();
      assertTrue(engine.kvLimitBytes() <= 250 * MB / 3);
      assertEquals(128, engine.contextLength());
    }
  }

  @Test
  void unload_whileInUse_waitsForTheLastLease() throws InterruptedException {
    try (ModelPool pool = pool(LONG)) {
      assertFalse(pool.unload("a"));
      ModelLease lease = pool.acquire("a", null);
      assertTrue(pool.unload("a"));
      assertEquals(List.of("a"), names(pool));
      lease.close();
      assertEquals(List.of(), names(pool));
    }
  }

  @Test
  void acquire_afterUnloadWhileInUse_loadsAnother() throws InterruptedException {
    try (ModelPool pool = pool(LONG);
        ModelLease old = pool.acquire("a", null)) {
      assertTrue(pool.unload("a"));
      assertEquals(List.of("a"), names(pool), "it is in memory still");
      try (ModelLease next = pool.acquire("a", null)) {
        assertNotSame(old.completions(), next.completions());
        assertEquals(List.of("a"), names(pool));
        old.close();
        assertFalse(((LocalEngine) old.completions()).isAlive());
        assertTrue(((LocalEngine) next.completions()).isAlive());
      }
      assertEquals(List.of("a"), names(pool));
    }
  }

  @Test
  void acquire_modelMadeAgain_servesTheNewOne() throws InterruptedException {
    try (ModelPool pool = pool(LONG, "b")) {
      for (String name : List.of("a", "b")) {
        options = OPTIONS;
        use(pool, name);
        options = OPTIONS.withContextLength(64);
        try (ModelLease next = pool.acquire(name, null);
            ModelLease same = pool.acquire(name, null)) {
          assertEquals(64, ((LocalEngine) next.completions()).contextLength());
          assertEquals(next.completions(), same.completions());
        }
      }
      assertEquals(List.of("a", "b"), names(pool));
    }
  }

  @Test
  void acquire_modelMadeAgainWhileInUse_countsTheOldUntilItsLastLease()
      throws InterruptedException {
    try (ModelPool pool = pool(LONG);
        ModelLease old = pool.acquire("a", null)) {
      ModelLease other = pool.acquire("b", null);
      options = OPTIONS.withContextLength(64);
      assertThrows(BusyException.class, () -> pool.acquire("a", null));
      assertTrue(((LocalEngine) old.completions()).isAlive());
      other.close();
      use(pool, "a"); // in the place of b
      assertEquals(List.of("a"), names(pool));
      assertThrows(BusyException.class, () -> twoMore(pool));
      old.close();
      assertFalse(((LocalEngine) old.completions()).isAlive());
      use(pool, "c");
      assertEquals(List.of("a", "c"), names(pool));
    }
  }

  // With what was made again in use, too.
  private static void twoMore(ModelPool pool) throws InterruptedException {
    try (ModelLease next = pool.acquire("a", null)) {
      assertEquals("a", next.facts().name());
      use(pool, "c");
    }
  }

  @Test
  void acquire_noThreadToLoad_isSaidAndTheNextLoads() throws InterruptedException {
    OutOfMemoryError error = new OutOfMemoryError("unable to create native thread");
    AtomicBoolean isFull = new AtomicBoolean(true);
    Executor loaders =
        loading -> {
          if (isFull.get()) {
            throw error;
          }
          Thread.ofPlatform().daemon().start(loading);
        };
    PoolOptions settings = new PoolOptions(250 * MB, LONG, Set.of());
    try (ModelPool pool = new ModelPool(this::find, settings, Clock.systemUTC(), loaders)) {
      assertSame(error, assertThrows(OutOfMemoryError.class, () -> pool.acquire("a", null)));
      isFull.set(false);
      use(pool, "a");
      use(pool, "b");
      assertEquals(List.of("a", "b"), names(pool), "what failed takes no room");
    }
  }

  @Test
  void close_thenAcquire_isBusy() throws InterruptedException {
    ModelPool pool = pool(LONG);
    use(pool, "a");
    pool.close();
    assertThrows(BusyException.class, () -> pool.acquire("a", null));
    assertEquals(List.of(), pool.loaded());
  }
}
