package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.EngineStats;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import dev.nearside.engine.speculate.DraftModel;
import dev.nearside.engine.speculate.Drafter;
import dev.nearside.engine.speculate.Speculator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second model guesses: it changes the speed and no token, whatever becomes of it. */
@Timeout(120)
class DraftModelTest {
  private static final int BLOCKS = 64;

  @Test
  void draft_modelThatAgrees_mostTokensAreGuessed() throws Exception {
    FakeModel target = costly();
    FakeModel draft = FakeModel.letters(64);
    try (EngineLoop loop = open(target, draft, BLOCKS)) {
      assertEquals(expected(prompt(100, 1), 300), take(loop.submit(task(prompt(100, 1), 300))));
      EngineStats.Tokens tokens = loop.stats().tokens();
      assertTrue(tokens.accepted() > 150, tokens::toString);
      assertTrue(tokens.accepted() > 0.9 * tokens.drafted(), tokens::toString);
      assertTrue(loop.stats().blocks().bytes() > 0);
    }
    assertTrue(target.batchSizes().size() < 150, () -> target.batchSizes().size() + " steps");
    assertTrue(draft.isClosed() && target.isClosed());
  }

  @Test
  void draft_modelThatErrs_everyoneSaysTheSame() throws Exception {
    FakeModel draft = new FakeModel(64, DraftModelTest::oftenRight);
    Settings pairs = new Settings(1024, 2, 128, 100, null, speculator(draft, 1024, BLOCKS));
    EngineLoop loop = open(costly(), pairs);
    try (loop) {
      List<Sequence> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(loop.submit(task(prompt(20 + 61 * i, i), 150)));
      }
      for (int i = 0; i < 6; i++) {
        assertEquals(expected(prompt(20 + 61 * i, i), 150), take(all.get(i)));
      }
      EngineStats.Tokens tokens = loop.stats().tokens();
      assertTrue(tokens.accepted() > 0, tokens::toString);
      assertTrue(tokens.accepted() < tokens.drafted(), tokens::toString);
    }
    assertEquals(0, loop.cache().inUse());
    assertTrue(draft.batchSizes().stream().anyMatch(size -> size > 1), "they share its steps");
  }

  @Test
  void draft_longPrompt_isCaughtUpWithInPieces() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    int[] prompt = prompt(700, 2);
    try (EngineLoop loop = open(costly(), draft, BLOCKS)) {
      assertEquals(expected(prompt, 200), take(loop.submit(task(prompt, 200))));
      assertTrue(loop.stats().tokens().accepted() > 20, loop.stats().tokens()::toString);
      int before = computed(draft);
      int[] next = Fixture.concat(prompt, expected(prompt, 200));
      assertEquals(expected(next, 20), take(loop.submit(task(next, 20))));
      assertTrue(computed(draft) - before < 250, "the next turn finds what is known of the first");
    }
    assertTrue(draft.batchSizes().stream().allMatch(size -> size <= 64));
  }

  @Test
  void draft_preemptedSequences_sayTheSame() throws Exception {
    Settings settings =
        new Settings(1024, 8, 14, 100, null, speculator(FakeModel.letters(64), 1024, BLOCKS));
    FakeModel target = costly();
    CountDownLatch submitted = new CountDownLatch(1);
    target.before(batch -> Fixture.await(submitted));
    try (EngineLoop loop = open(target, settings)) {
      List<Sequence> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(loop.submit(task(prompt(70 + i, i), 120)));
      }
      submitted.countDown();
      for (int i = 0; i < 6; i++) {
        assertEquals(expected(prompt(70 + i, i), 120), take(all.get(i)));
      }
      assertTrue(loop.stats().preemptions() > 0, loop.stats()::toString);
      assertTrue(loop.stats().tokens().accepted() > 0);
    }
  }

  @Test
  void draft_cancelledSequences_leaveNothingBehind() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    EngineLoop loop = open(costly(), draft, 12);
    try (loop) {
      for (int i = 0; i < 30; i++) {
        Sequence s = loop.submit(task(prompt(150, i), 400));
        for (int j = 0; j < 5 + i; j++) {
          s.ring().take();
        }
        s.cancel();
        loop.wake();
      }
      long before = loop.stats().tokens().accepted();
      assertEquals(expected(prompt(90, 77), 300), take(loop.submit(task(prompt(90, 77), 300))));
      long accepted = loop.stats().tokens().accepted() - before;
      assertTrue(accepted > 50, () -> accepted + " tokens: there are blocks for it");
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void draft_fullStore_othersGoOnWithoutGuesses() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    Settings pairs = new Settings(1024, 2, 128, 100, null, speculator(draft, 1024, 4));
    try (EngineLoop loop = open(costly(), pairs)) {
      List<Sequence> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(loop.submit(task(prompt(100, i), 200)));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(expected(prompt(100, i), 200), take(all.get(i)));
      }
      assertTrue(loop.stats().tokens().accepted() > 0);
    }
  }

  @Test
  void draft_shorterContext_guessesUpToItsEnd() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    int[] longest = new int[1];
    draft.before(batch -> {
      for (int position : batch.positions()) {
        longest[0] = Math.max(longest[0], position);
      }
    });
    Settings settings = new Settings(1024, 8, 128, 100, null, speculator(draft, 150, BLOCKS));
    try (EngineLoop loop = open(costly(), settings)) {
      assertEquals(expected(prompt(60, 1), 300), take(loop.submit(task(prompt(60, 1), 300))));
      assertTrue(loop.stats().tokens().accepted() > 20, loop.stats().tokens()::toString);
    }
    assertTrue(longest[0] > 120 && longest[0] < 150, () -> "position " + longest[0]);
  }

  @Test
  void draft_manySequences_everyoneSaysTheSame() throws Exception {
    for (int slots : new int[] {20, 40}) {
      FakeModel draft = FakeModel.letters(32);
      Settings many = new Settings(1024, slots, 256, 100, null, speculator(draft, 1024, 128));
      EngineLoop loop = new EngineLoop(costly(), many);
      try (loop) {
        List<Sequence> all = new ArrayList<>();
        for (int i = 0; i < 2 * slots; i++) {
          all.add(loop.submit(task(prompt(10 + i, i), 30)));
        }
        for (int i = 0; i < all.size(); i++) {
          assertEquals(expected(prompt(10 + i, i), 30), take(all.get(i)));
        }
      }
      assertEquals(0, loop.cache().inUse());
    }
  }

  @Test
  void draft_thatFails_repliesGoOnWithout() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    int[] calls = new int[1];
    draft.before(batch -> {
      if (++calls[0] > 10) {
        throw new IllegalStateException("draft");
      }
    });
    EngineLoop loop = open(costly(), draft, BLOCKS);
    try (loop) {
      for (int i = 0; i < 6; i++) {
        assertEquals(expected(prompt(60, i), 150), take(loop.submit(task(prompt(60, i), 150))));
      }
    }
    assertEquals(0, loop.cache().inUse());
    assertEquals(13, calls[0], "after three failures it is asked no more");
    assertTrue(draft.isClosed());
  }

  @Test
  void draft_tokensThatItLacks_areNotShownToIt() throws Exception {
    FakeModel draft = FakeModel.letters(64);
    draft.before(batch -> {
      for (int id : batch.ids()) {
        assertTrue(id < 200);
      }
    });
    int[] prompt = prompt(80, 1);
    prompt[40] = 230;
    DraftModel.Settings small = new DraftModel.Settings(1024, BLOCKS, 200, 0.1);
    Speculator speculator =
        new Speculator(
            () -> (history, limit) -> Drafter.Draft.NONE,
            new DraftModel(draft, small, draft::nanos));
    Settings settings = new Settings(1024, 8, 128, 100, null, speculator);
    try (EngineLoop loop = open(costly(), settings)) {
      assertEquals(expected(prompt, 100), take(loop.submit(task(prompt, 100))));
      assertEquals(0, loop.stats().tokens().drafted());
      assertEquals(expected(prompt(80, 1), 200), take(loop.submit(task(prompt(80, 1), 200))));
      assertTrue(loop.stats().tokens().accepted() > 20, loop.stats().tokens()::toString);
    }
  }

  @Test
  void draft_closedAmidAReply_closesBothModels() throws Exception {
    FakeModel target = costly();
    FakeModel draft = FakeModel.letters(64);
    CountDownLatch guessed = new CountDownLatch(3);
    draft.before(batch -> guessed.countDown());
    EngineLoop loop = open(target, draft, BLOCKS);
    Sequence s = loop.submit(task(prompt(60, 1), 900));
    Fixture.await(guessed);
    loop.close();
    assertTrue(draft.isClosed() && target.isClosed());
    assertEquals(0, loop.cache().inUse());
    assertFalse(s.isSeated());
  }

  // Right in two of three places.
  private static int oftenRight(int[] history) {
    int letter = FakeModel.letter(history);
    return letter % 3 == 0 ? 'A' : letter;
  }

  private static int computed(FakeModel model) {
    return model.batchSizes().stream().mapToInt(Integer::intValue).sum();
  }

  private static EngineLoop open(FakeModel target, FakeModel draft, int draftBlocks) {
    return open(
        target, new Settings(1024, 8, 128, 100, null, speculator(draft, 1024, draftBlocks)));
  }

  private static EngineLoop open(FakeModel target, Settings settings) {
    return new EngineLoop(target, settings, target::nanos);
  }

  private static Speculator speculator(FakeModel draft, int context, int blocks) {
    DraftModel.Settings settings = new DraftModel.Settings(context, blocks, FakeModel.VOCAB, 0.1);
    return new Speculator(
        () -> (history, limit) -> Drafter.Draft.NONE,
        new DraftModel(draft, settings, draft::nanos));
  }

  private static FakeModel costly() {
    return costly(FakeModel::letter);
  }

  // A step costs 2 ms and a twentieth more for each further token: the draft model is much faster.
  private static FakeModel costly(ToIntFunction<int[]> next) {
    return new FakeModel(64, next).costing(tokens -> 2_000_000 + 100_000L * (tokens - 1));
  }
}
