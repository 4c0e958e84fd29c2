package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.concat;
import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import dev.nearside.engine.cache.KvFolder;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import dev.nearside.engine.speculate.Drafter;
import dev.nearside.engine.speculate.Speculator;
import dev.nearside.model.ModelException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The machine has memory for the first four blocks only: whoever needs a fifth ends, alone. */
@Timeout(60)
class NoMemoryTest {
  private static final int FIRST_BLOCKS = 4 * 64;

  @TempDir Path temp;

  private final FakeModel model = FakeModel.letters(64).costing(n -> 1_000_000 + 10_000L * n);

  @Test
  void adopt_copyOfAPart_endsThatSequenceOnly() throws Exception {
    EngineLoop loop = open(null, null);
    try (loop) {
      int[] first = prompt(250, 1);
      assertEquals(expected(first, 4), take(loop.submit(task(first, 4))));
      model.hasNoMemory(true);
      int[] alike = concat(Arrays.copyOf(first, 200), prompt(30, 2));
      Sequence unlucky = loop.submit(task(alike, 4));
      assertThrows(ModelException.class, () -> take(unlucky));
      goesOn(loop);
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void seat_blocksFromDisk_endsThatSequenceOnly() throws Exception {
    KvFolder folder = new KvFolder(temp.resolve("kv"), 1 << 20, "model");
    int[] kept = prompt(500, 3);
    try (EngineLoop before = open(folder, null)) {
      assertEquals(expected(kept, 4), take(before.submit(task(kept, 4))));
    }
    EngineLoop loop = open(folder, null);
    try (loop) {
      model.hasNoMemory(true);
      Sequence unlucky = loop.submit(task(kept, 4));
      assertThrows(ModelException.class, () -> take(unlucky));
      goesOn(loop);
    }
    assertEquals(0, loop.cache().inUse());
  }

  @Test
  void drafts_moreThanFits_areLeftOut() throws Exception {
    Drafter right =
        (history, limit) -> {
          int[] all = new int[history.length() + limit];
          for (int p = 0; p < all.length; p++) {
            all[p] = p < history.length() ? history.at(p) : FakeModel.letter(Arrays.copyOf(all, p));
          }
          return new Drafter.Draft(Arrays.copyOfRange(all, history.length(), all.length), 30);
        };
    try (EngineLoop loop = open(null, new Speculator(() -> right))) {
      model.hasNoMemory(true);
      Sequence s = loop.submit(task(prompt(200, 1), 100));
      assertThrows(ModelException.class, () -> take(s));
      assertTrue(loop.stats().tokens().accepted() > 10, loop.stats().tokens()::toString);
      assertEquals(FIRST_BLOCKS + 1, s.length(), "all that fits is said");
      goesOn(loop);
    }
  }

  private void goesOn(EngineLoop loop) throws InterruptedException {
    model.hasNoMemory(false);
    assertTrue(loop.isAlive());
    int[] other = prompt(300, 9);
    assertEquals(expected(other, 4), take(loop.submit(task(other, 4))));
  }

  private EngineLoop open(@Nullable KvFolder folder, @Nullable Speculator speculator) {
    return new EngineLoop(model, new Settings(1024, 2, 32, 10, folder, speculator), model::nanos);
  }
}
