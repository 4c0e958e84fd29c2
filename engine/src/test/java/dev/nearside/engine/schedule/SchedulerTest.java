package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.DeadlineException;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.cache.KvCache;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Steps at times that the test chooses: one slot, two blocks, rings of four tokens. */
@Timeout(30)
class SchedulerTest {
  private static final int RING = 4;
  private static final int CONTEXT = 128;
  private static final long SECOND = 1_000_000_000L;
  private static final long STALLED = 60 * SECOND;

  private final FakeModel model = FakeModel.letters(CONTEXT);
  private final KvStore kv = model.newKvStore(2);
  private final KvCache cache = new KvCache(kv, 2);
  private final Counters counters = new Counters();
  private final Scheduler scheduler =
      new Scheduler(new Scheduler.Limits(1, CONTEXT, 1, CONTEXT, STALLED), cache, counters, null);
  private final Arena arena = Arena.ofShared();
  private final Steps steps =
      new Steps(
          model,
          kv,
          Floats.allocate(arena, FakeModel.VOCAB),
          scheduler,
          counters,
          CONTEXT,
          model::nanos);

  @AfterEach
  void close() {
    kv.close();
    arena.close();
  }

  @Test
  void stall_preemptedWhilePausedThenRead_beginsAnew() throws Exception {
    int[] prompt = prompt(70, 1);
    Sequence read = add(prompt, 40, 0);
    run(SECOND, 10);
    assertTrue(read.ring().isFull());
    List<Integer> said = new ArrayList<>(drain(read));

    run(2 * SECOND, 10); // full again, and paused
    Sequence other = add(prompt(10, 2), 2, 1);
    run(3 * SECOND, 5);
    assertFalse(read.isSeated(), "the other took its blocks");
    assertEquals(2, drain(other).size());
    said.addAll(drain(read));

    run(2 * SECOND + STALLED + SECOND, 10); // long after it was full before
    assertTrue(read.isSeated() && read.ring().isFull(), "it waits to be read again");
    said.addAll(drain(read));
    assertEquals(expected(prompt, said.size()), said);
    assertEquals(3 * RING, said.size());

    run(4 * STALLED, 5);
    run(5 * STALLED + 2 * SECOND, 1);
    drain(read);
    assertThrows(DeadlineException.class, () -> read.ring().take(), "nobody read it");
  }

  private Sequence add(int[] prompt, int maxTokens, long arrival) {
    Sequence s = new Sequence(task(prompt, maxTokens), new TokenRing(RING, () -> {}), arrival, 0);
    counters.open.incrementAndGet();
    scheduler.add(s);
    return s;
  }

  // Steps at one moment; those that find nothing to compute do nothing.
  private void run(long nowNanos, int count) {
    for (int i = 0; i < count; i++) {
      Plan plan = scheduler.next(nowNanos);
      if (!plan.pieces().isEmpty()) {
        steps.run(plan);
      }
    }
  }

  // What is in the ring now.
  private static List<Integer> drain(Sequence s) throws InterruptedException {
    List<Integer> out = new ArrayList<>();
    while (s.ring().room() < RING) {
      out.add(s.ring().take());
    }
    return out;
  }
}
