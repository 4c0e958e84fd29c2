package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.await;
import static dev.nearside.engine.schedule.Fixture.concat;
import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.FinishReason;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.sample.Sampler;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineLoopTest {
  private static final int MAX_BATCH = 16;

  @Test
  void submit_promptLongerThanABatch_isComputedInChunks() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    int[] prompt = prompt(100, 1);
    try (EngineLoop loop = new EngineLoop(model, new Settings(256, 1))) {
      assertEquals(expected(prompt, 5), take(loop.submit(task(prompt, 5))));
    }
    assertEquals(List.of(16, 16, 16, 16, 16, 16, 4, 1, 1, 1, 1), model.batchSizes());
  }

  @Test
  void submit_nextTurn_computesOnlyWhatIsNew() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    int[] first = prompt(70, 1);
    try (EngineLoop loop = new EngineLoop(model, new Settings(512, 1))) {
      List<Integer> reply = take(loop.submit(task(first, 8)));
      int[] second = concat(concat(first, reply), prompt(30, 2));
      Sequence s = loop.submit(task(second, 8));
      assertEquals(expected(second, 8), take(s));
      // All but the reply's last token, which was sampled but not computed.
      assertEquals(77, s.cached());
    }
  }

  @Test
  void submit_changedTurn_reusesUpToTheMismatch() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    int[] first = prompt(150, 1);
    int[] second = first.clone();
    second[65] = 7;
    try (EngineLoop loop = new EngineLoop(model, new Settings(512, 1))) {
      take(loop.submit(task(first, 4)));
      Sequence s = loop.submit(task(second, 6));
      assertEquals(expected(second, 6), take(s));
      assertEquals(65, s.cached());
      Sequence same = loop.submit(task(second, 6));
      assertEquals(expected(second, 6), take(same));
      assertEquals(149, same.cached(), "the last prompt token is always computed");
    }
  }

  @Test
  void submit_manyChats_neverRunOutOfBlocksAndNoneStaysInUse() throws Exception {
    EngineLoop loop = new EngineLoop(FakeModel.letters(MAX_BATCH), new Settings(256, 2));
    try (loop) {
      for (int i = 0; i < 40; i++) {
        int[] a = prompt(20 + 5 * i, i % 7);
        int[] b = prompt(200 - 4 * i, i % 5);
        Sequence x = loop.submit(task(a, 9));
        Sequence y = loop.submit(task(b, 30));
        assertEquals(expected(b, 30), take(y));
        assertEquals(expected(a, 9), take(x));
      }
    }
    assertEquals(8, loop.cache().capacity());
    assertEquals(0, loop.cache().inUse());
    assertEquals(0, loop.cache().kept());
  }

  @Test
  void submit_severalAtOnce_eachIsAsAlone() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    List<Sequence> running = new ArrayList<>();
    try (EngineLoop loop = new EngineLoop(model, new Settings(512, 3))) {
      for (int i = 0; i < 7; i++) {
        running.add(loop.submit(task(prompt(10 + 13 * i, i), 40)));
      }
      for (int i = 0; i < 7; i++) {
        assertEquals(expected(prompt(10 + 13 * i, i), 40), take(running.get(i)));
      }
    }
    assertTrue(model.batchSizes().contains(3), "three decoded in one step");
  }

  @Test
  void cancel_whileRunning_endsWithinOneStep() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch inStep = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    model.before(batch -> {
      if (model.batchSizes().size() == 3) {
        inStep.countDown();
        await(goOn);
      }
    });
    EngineLoop loop = new EngineLoop(model, new Settings(512, 1));
    try (loop) {
      Sequence s = loop.submit(task(prompt(10, 1), 400));
      await(inStep);
      s.cancel();
      loop.wake();
      goOn.countDown();
      assertEquals(4, take(s).size(), "the step that was under way, and no other");
      assertSame(FinishReason.CANCELLED, s.ring().reason());
      assertEquals(4, model.batchSizes().size());
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void cancel_whileWaiting_neverRuns() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch goOn = new CountDownLatch(1);
    model.before(batch -> await(goOn));
    try (EngineLoop loop = new EngineLoop(model, new Settings(512, 1))) {
      Sequence first = loop.submit(task(prompt(10, 1), 3));
      Sequence second = loop.submit(task(prompt(10, 2), 3));
      second.cancel();
      goOn.countDown();
      assertEquals(List.of(), take(second));
      assertEquals(3, take(first).size());
    }
    assertEquals(List.of(10, 1, 1), model.batchSizes());
  }

  @Test
  void ring_full_pausesUntilTheCallerTakes() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    try (EngineLoop loop = new EngineLoop(model, new Settings(4096, 1))) {
      Sequence s = loop.submit(task(prompt(10, 1), 3000));
      while (!s.ring().isFull()) {
        Thread.sleep(5);
      }
      int steps = model.batchSizes().size();
      Thread.sleep(300);
      assertEquals(steps, model.batchSizes().size(), "nothing is computed meanwhile");
      assertEquals(expected(prompt(10, 1), 3000), take(s));
      assertSame(FinishReason.LENGTH, s.ring().reason());
    }
  }

  @Test
  void submit_promptFillsTheContext_saysBothCounts() {
    try (EngineLoop loop = new EngineLoop(FakeModel.letters(MAX_BATCH), new Settings(64, 1))) {
      ChatException e =
          assertThrows(ChatException.class, () -> loop.submit(task(prompt(64, 1), 5)));
      assertTrue(
          e.fault().message().contains("64 tokens")
              && e.fault().message().contains("fewer than 64"),
          e::getMessage);
      assertThrows(ChatException.class, () -> loop.submit(task(new int[0], 5)));
    }
  }

  @Test
  void run_contextIsReached_endsWithLength() throws Exception {
    try (EngineLoop loop = new EngineLoop(FakeModel.letters(MAX_BATCH), new Settings(100, 1))) {
      Sequence s = loop.submit(task(prompt(90, 1), 1000));
      assertEquals(expected(prompt(90, 1), 10), take(s));
      assertSame(FinishReason.LENGTH, s.ring().reason());
    }
  }

  @Test
  void run_endToken_endsWithStopAndIsNotPassedOn() throws Exception {
    FakeModel model = new FakeModel(MAX_BATCH, h -> h.length < 13 ? 'x' : 257);
    try (EngineLoop loop = new EngineLoop(model, new Settings(100, 1))) {
      Sequence s = loop.submit(task(prompt(10, 1), 1000));
      assertEquals(List.of((int) 'x', (int) 'x', (int) 'x'), take(s));
      assertSame(FinishReason.STOP, s.ring().reason());
    }
  }

  @Test
  void run_forwardFails_reachesTheCallerAndTheEngineGoesOn() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    IllegalStateException broken = new IllegalStateException("broken");
    model.before(batch -> {
      if (model.batchSizes().size() == 2) {
        model.before(next -> {});
        throw broken;
      }
    });
    EngineLoop loop = new EngineLoop(model, new Settings(256, 1));
    try (loop) {
      Sequence s = loop.submit(task(prompt(100, 1), 5));
      assertSame(broken, assertThrows(IllegalStateException.class, () -> take(s)));
      Sequence next = loop.submit(task(prompt(100, 1), 5));
      assertEquals(expected(prompt(100, 1), 5), take(next));
      assertEquals(0, next.cached(), "nothing of a failed sequence is used again");
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void run_samplerFails_onlyItsSequenceEnds() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch bothThere = new CountDownLatch(1);
    model.before(batch -> await(bothThere));
    Sampler failing =
        (logits, history) -> {
          throw new IllegalStateException("no sample");
        };
    EngineLoop loop = new EngineLoop(model, new Settings(128, 3));
    try (loop) {
      Sequence done = loop.submit(task(prompt(4, 1), 1));
      Sequence bad = loop.submit(new Sequence.Task(prompt(4, 2), failing, 5, Set.of()));
      Sequence good = loop.submit(task(prompt(4, 3), 20));
      bothThere.countDown();
      assertThrows(IllegalStateException.class, () -> take(bad));
      assertEquals(expected(prompt(4, 1), 1), take(done));
      assertEquals(expected(prompt(4, 3), 20), take(good));
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void run_errorEndsTheThread_allAreToldWhyAndNothingIsPrinted() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    OutOfMemoryError error = new OutOfMemoryError("on purpose");
    model.before(batch -> {
      throw error;
    });
    AtomicReference<Throwable> uncaught = new AtomicReference<>();
    UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.set(e));
    try (EngineLoop loop = new EngineLoop(model, new Settings(128, 1))) {
      Sequence s = loop.submit(task(prompt(4, 1), 5));
      ChatException first = assertThrows(ChatException.class, () -> take(s));
      ChatException next =
          assertThrows(ChatException.class, () -> take(loop.submit(task(prompt(4, 1), 5))));
      for (ChatException e : List.of(first, next)) {
        assertSame(error, e.getCause());
        assertTrue(e.fault().message().contains("OutOfMemoryError: on purpose"), e::getMessage);
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(usual);
    }
    assertNull(uncaught.get());
    assertTrue(model.isClosed());
  }

  @Test
  void close_whileRunning_failsWhatRunsAndWhatWaits() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch inStep = new CountDownLatch(1);
    model.before(batch -> inStep.countDown());
    EngineLoop loop = new EngineLoop(model, new Settings(1024, 1));
    Sequence running = loop.submit(task(prompt(10, 1), 100_000));
    Sequence waiting = loop.submit(task(prompt(10, 1), 5));
    await(inStep);
    loop.close();
    assertThrows(ChatException.class, () -> take(running));
    assertThrows(ChatException.class, () -> take(waiting));
    assertThrows(ChatException.class, () -> loop.submit(task(prompt(10, 1), 5)));
    assertTrue(model.isClosed());
    assertEquals(0, loop.cache().inUse());
    loop.close();
  }

  @Test
  void close_oneOfItsStepsFails_theOthersFollow() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch inStep = new CountDownLatch(1);
    model.before(batch -> inStep.countDown());
    AdapterLease stuck =
        new AdapterLease(
            List.of(),
            () -> {
              throw new IllegalStateException("on purpose");
            });
    EngineLoop loop = new EngineLoop(model, new Settings(4096, 2));
    Sequence.Task usual = task(prompt(10, 1), 100_000);
    Sequence first =
        loop.submit(
            new Sequence.Task(
                usual.prompt(), usual.sampler(), 100_000, Set.of(), Terms.USUAL, stuck));
    Sequence second = loop.submit(usual);
    await(inStep);
    loop.close();
    assertThrows(ChatException.class, () -> take(first));
    assertThrows(ChatException.class, () -> take(second));
    assertTrue(model.isClosed(), "its memory is free");
  }
}
