package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.await;
import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.BusyException;
import dev.nearside.chat.ChatException;
import dev.nearside.chat.DeadlineException;
import dev.nearside.chat.FinishReason;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import dev.nearside.model.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many sequences at once: who is served when, and that it changes nobody's tokens. */
@Timeout(60)
class ServingTest {
  private static final int MAX_BATCH = 64;

  @Test
  void streams_eightEqualOnes_getTheirTokensTogether() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    List<Sequence> streams = new CopyOnWriteArrayList<>();
    List<Integer> spreads = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(1);
    model.before(batch -> {
      await(all);
      int[] generated = streams.stream().mapToInt(Sequence::generated).toArray();
      spreads.add(
          Arrays.stream(generated).max().orElseThrow()
              - Arrays.stream(generated).min().orElseThrow());
    });
    try (EngineLoop loop = new EngineLoop(model, new Settings(512, 8))) {
      for (int i = 0; i < 8; i++) {
        streams.add(loop.submit(task(prompt(20 + i, i), 200)));
      }
      all.countDown();
      for (int i = 0; i < 8; i++) {
        assertEquals(expected(prompt(20 + i, i), 200), take(streams.get(i)));
      }
    }
    // The prompts take three steps of 64 tokens; then all are served in every step.
    assertTrue(spreads.stream().allMatch(spread -> spread <= 4), () -> "spreads " + spreads);
    assertTrue(model.batchSizes().contains(8));
  }

  @Test
  void prompt_longAmongStreams_neverKeepsThemWaiting() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    List<Batch> batches = new CopyOnWriteArrayList<>();
    CountDownLatch longSubmitted = new CountDownLatch(1);
    model.before(batch -> {
      if (model.batchSizes().size() == 5) {
        await(longSubmitted);
      }
      batches.add(batch);
    });
    try (EngineLoop loop = new EngineLoop(model, new Settings(4096, 4))) {
      Sequence a = loop.submit(task(prompt(10, 1), 300));
      Sequence b = loop.submit(task(prompt(10, 2), 300));
      while (model.batchSizes().size() < 5) {
        Thread.sleep(1);
      }
      Sequence late = loop.submit(task(prompt(2000, 3), 5));
      Sequence brief = loop.submit(task(prompt(30, 4), 5));
      longSubmitted.countDown();
      assertEquals(expected(prompt(30, 4), 5), take(brief));
      assertEquals(expected(prompt(2000, 3), 5), take(late));
      long briefEnd = brief.submittedNanos() + brief.firstTokenNanos() + brief.decodeNanos();
      long lateStart = late.submittedNanos() + late.firstTokenNanos();
      assertTrue(
          briefEnd - lateStart < 0, "the short prompt is served before the long one is done");
      assertEquals(expected(prompt(10, 1), 300), take(a));
      assertEquals(expected(prompt(10, 2), 300), take(b));
    }
    List<Batch> withLong =
        batches.stream()
            .filter(batch -> batch.size() > 20 && batch.logitRows().length > 1)
            .toList();
    assertTrue(withLong.size() >= 30, "the long prompt is cut into chunks");
    for (Batch batch : withLong) {
      assertTrue(batch.logitRows().length >= 2, "both streams get a token in this step too");
    }
  }

  @Test
  void queue_prioritiesThenDeadlinesThenArrival_decideWhoIsNext() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    List<Integer> order = new ArrayList<>();
    CountDownLatch inStep = new CountDownLatch(1);
    CountDownLatch allSubmitted = new CountDownLatch(1);
    model.before(batch -> {
      inStep.countDown();
      await(allSubmitted);
      if (batch.size() > 1) {
        order.add(batch.size());
      }
    });
    try (EngineLoop loop = new EngineLoop(model, new Settings(128, 1))) {
      List<Sequence> all = new ArrayList<>();
      all.add(loop.submit(task(prompt(10, 0), 2)));
      await(inStep);
      all.add(loop.submit(task(prompt(11, 1), 2)));
      all.add(loop.submit(task(prompt(12, 2), 2, Terms.USUAL.within(50_000_000_000L))));
      all.add(loop.submit(task(prompt(13, 3), 2, Terms.USUAL.within(40_000_000_000L))));
      all.add(loop.submit(task(prompt(14, 4), 2, Terms.USUAL.withPriority(1))));
      all.add(loop.submit(task(prompt(15, 5), 2)));
      all.add(loop.submit(task(prompt(16, 6), 2, Terms.USUAL.withPriority(-1))));
      allSubmitted.countDown();
      for (Sequence s : all) {
        assertEquals(2, take(s).size());
      }
    }
    assertEquals(List.of(10, 14, 13, 12, 11, 15, 16), order);
  }

  @Test
  void submit_queueIsFull_saysWhenToComeAgain() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch goOn = new CountDownLatch(1);
    model.before(batch -> await(goOn));
    try (EngineLoop loop = new EngineLoop(model, new Settings(128, 2, 4, 3))) {
      List<Sequence> in = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        in.add(loop.submit(task(prompt(10, i), 3)));
      }
      BusyException e =
          assertThrows(BusyException.class, () -> loop.submit(task(prompt(10, 9), 3)));
      assertTrue(e.retryAfterSeconds() >= 1 && e.retryAfterSeconds() <= 60);
      goOn.countDown();
      for (Sequence s : in) {
        take(s);
      }
      assertEquals(3, take(loop.submit(task(prompt(10, 9), 3))).size(), "there is room again");
    }
  }

  @Test
  void deadline_passed_endsWhoWaitsAndWhoRuns() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    model.before(batch -> sleep(2));
    EngineLoop loop = new EngineLoop(model, new Settings(100_000, 1));
    try (loop) {
      Sequence running = loop.submit(task(prompt(10, 1), 50_000, Terms.USUAL.within(300_000_000)));
      Terms last = Terms.USUAL.withPriority(-1).within(100_000_000);
      Sequence waiting = loop.submit(task(prompt(10, 2), 5, last));
      assertThrows(DeadlineException.class, () -> take(waiting));
      assertEquals(0, waiting.generated());
      assertThrows(DeadlineException.class, () -> take(running));
      assertTrue(running.generated() > 0);
      Sequence inTime = loop.submit(task(prompt(10, 3), 5, Terms.USUAL.within(20_000_000_000L)));
      assertEquals(expected(prompt(10, 3), 5), take(inTime));
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void blocks_runOut_theYoungestIsComputedAgainAndSaysTheSame() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch all = new CountDownLatch(1);
    model.before(batch -> await(all));
    EngineLoop loop = new EngineLoop(model, new Settings(640, 4, 12, 100));
    try (loop) {
      List<Sequence> streams = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        streams.add(loop.submit(task(prompt(100 + i, i), 300)));
      }
      all.countDown();
      for (int i = 0; i < 4; i++) {
        assertEquals(expected(prompt(100 + i, i), 300), take(streams.get(i)), "stream " + i);
      }
      EngineStats stats = loop.stats();
      assertTrue(stats.preemptions() > 0, () -> stats.toString());
      assertEquals(12, stats.blocks().total());
    }
    assertEquals(0, loop.cache().inUse());
    assertEquals(0, loop.cache().kept());
  }

  @Test
  void submit_neverFitsTheBlocks_saysBothCounts() {
    try (EngineLoop loop =
        new EngineLoop(FakeModel.letters(MAX_BATCH), new Settings(4096, 4, 2, 10))) {
      ChatException e =
          assertThrows(ChatException.class, () -> loop.submit(task(prompt(500, 1), 5)));
      assertTrue(
          e.fault().message().contains("500 tokens")
              && e.fault().message().contains("fewer than 128"),
          e::getMessage);
    }
  }

  @Test
  void prompts_sameStartAtTheSameTime_areComputedOnce() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    CountDownLatch all = new CountDownLatch(1);
    model.before(batch -> await(all));
    int[] common = prompt(640, 1);
    try (EngineLoop loop = new EngineLoop(model, new Settings(1024, 6))) {
      List<Sequence> streams = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        streams.add(loop.submit(task(Fixture.concat(common, prompt(20, i + 2)), 10)));
      }
      all.countDown();
      for (int i = 0; i < 6; i++) {
        int[] whole = Fixture.concat(common, prompt(20, i + 2));
        assertEquals(expected(whole, 10), take(streams.get(i)));
      }
      long computed = loop.stats().tokens().prompt();
      assertTrue(computed <= 640 + 6 * 20, "computed " + computed + " prompt tokens");
    }
  }

  @Test
  void keys_differ_nothingIsShared() throws Exception {
    try (EngineLoop loop = new EngineLoop(FakeModel.letters(MAX_BATCH), new Settings(512, 1))) {
      take(loop.submit(task(prompt(200, 1), 5, Terms.USUAL.withCacheKey("a"))));
      Sequence other = loop.submit(task(prompt(200, 1), 5, Terms.USUAL.withCacheKey("b")));
      take(other);
      assertEquals(0, other.cached());
      Sequence same = loop.submit(task(prompt(200, 1), 5, Terms.USUAL.withCacheKey("a")));
      assertEquals(expected(prompt(200, 1), 5), take(same));
      assertEquals(199, same.cached());
    }
  }

  @Test
  void ring_fullOfOneStream_costsNobodyElseASlot() throws Exception {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    try (EngineLoop loop = new EngineLoop(model, new Settings(8192, 1))) {
      Sequence slow = loop.submit(task(prompt(10, 1), 5000));
      while (!slow.ring().isFull()) {
        Thread.sleep(5);
      }
      for (int i = 0; i < 3; i++) {
        Sequence quick = loop.submit(task(prompt(30, i + 2), 20));
        assertEquals(expected(prompt(30, i + 2), 20), take(quick));
      }
      assertTrue(slow.ring().isFull());
      assertEquals(expected(prompt(10, 1), 5000).hashCode(), take(slow).hashCode());
      assertEquals(FinishReason.LENGTH, slow.ring().reason());
    }
  }

  @Test
  void shares_anyWants_neverExceedTheRoomAndServeSmallOnesWhole() {
    assertEquals(List.of(43, 10, 11), boxed(Shares.of(64, new int[] {1000, 10, 1000})));
    assertEquals(List.of(5, 5, 5), boxed(Shares.of(64, new int[] {5, 5, 5})));
    assertEquals(List.of(64), boxed(Shares.of(64, new int[] {1000})));
    assertEquals(List.of(0, 0), boxed(Shares.of(0, new int[] {9, 9})));
    assertEquals(List.of(), boxed(Shares.of(9, new int[0])));
  }

  private static List<Integer> boxed(int[] values) {
    return IntStream.of(values).boxed().toList();
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
