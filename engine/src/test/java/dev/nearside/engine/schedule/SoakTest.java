package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that come, cancel, dawdle and ask for too much, in any order. */
@Timeout(120)
class SoakTest {
  private static final int REQUESTS = 600;

  @Test
  void callers_ofAllSorts_leaveNoBlockBehind() throws Exception {
    EngineLoop loop = new EngineLoop(FakeModel.letters(64), new Settings(600, 5, 24, 10_000));
    AtomicInteger whole = new AtomicInteger();
    try (loop;
        ExecutorService callers = Executors.newFixedThreadPool(24)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        Random random = new Random(i);
        all.add(callers.submit(() -> call(loop, random, whole)));
      }
      for (Future<?> f : all) {
        f.get();
      }
      // The cancelled ones end within a step.
      long end = System.nanoTime() + 5_000_000_000L;
      while (loop.stats().running() + loop.stats().waiting() > 0) {
        assertTrue(System.nanoTime() < end, () -> loop.stats().toString());
        Thread.sleep(5);
      }
      EngineStats stats = loop.stats();
      assertEquals(0, stats.blocks().used(), () -> stats.toString());
      assertTrue(stats.blocks().kept() > 0 && stats.preemptions() > 0, () -> stats.toString());
      assertTrue(whole.get() > REQUESTS / 4, () -> whole + " whole replies");
    }
    assertEquals(0, loop.cache().inUse());
    assertEquals(0, loop.cache().kept());
  }

  private static Void call(EngineLoop loop, Random random, AtomicInteger whole) throws Exception {
    // Few different starts, so that blocks are shared, and sometimes a prompt that can't fit.
    int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 900 : 400);
    int[] prompt = prompt(length, random.nextInt(4));
    int tokens = 1 + random.nextInt(120);
    boolean cancels = random.nextInt(3) == 0;
    boolean dawdles = random.nextInt(10) == 0;
    Terms terms = Terms.USUAL.withPriority(random.nextInt(3));
    Sequence s;
    try {
      s = loop.submit(task(prompt, tokens, terms));
    } catch (ChatException e) {
      assertTrue(length >= 600);
      return null;
    }
    List<Integer> wanted = expected(prompt, Math.min(tokens, 600 - length));
    int enough = cancels ? random.nextInt(wanted.size() + 1) : Integer.MAX_VALUE;
    List<Integer> got = new ArrayList<>();
    for (int id = 0; got.size() < enough; ) {
      id = s.ring().take();
      if (id == TokenRing.END) {
        break;
      }
      got.add(id);
      if (dawdles && random.nextInt(8) == 0) {
        Thread.sleep(2);
      }
    }
    s.cancel();
    loop.wake();
    if (cancels) {
      assertEquals(wanted.subList(0, got.size()), got);
    } else {
      assertEquals(wanted, got);
      whole.incrementAndGet();
    }
    return null;
  }
}
