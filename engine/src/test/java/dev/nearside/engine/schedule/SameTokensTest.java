package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.Sampling;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.cache.KvFolder;
import dev.nearside.engine.power.EnergyMeters;
import dev.nearside.engine.power.EnginePace;
import dev.nearside.engine.power.PowerBudget;
import dev.nearside.engine.power.PowerGovernor;
import dev.nearside.engine.sample.SamplerChain;
import dev.nearside.engine.sample.TokenHistory;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import dev.nearside.engine.speculate.DraftModel;
import dev.nearside.engine.speculate.Drafter;
import dev.nearside.engine.speculate.Speculator;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.Compute;
import dev.nearside.model.LanguageModel;
import dev.nearside.model.LoadOptions;
import dev.nearside.model.Models;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A computed model with a sliding window: whoever else is served, a reply is the same. */
@Timeout(180)
class SameTokensTest {
  private static final int CONTEXT = 512;
  private static final int REPLY = 90;

  @TempDir static Path folder;
  private static Path file;
  private static Compute compute;
  private static final List<int[]> PROMPTS = new ArrayList<>();
  private static final List<List<Integer>> EXPECTED = new ArrayList<>();

  @BeforeAll
  static void sayAlone() throws Exception {
    file = folder.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-gemma3"), QuantMix.of("Q4_K_M"), file, 7, Synth.Progress.NONE);
    compute = Compute.create("vector", 1);
    int[] common = IntStream.range(0, 140).map(i -> 3 + (i * 37 + i * i % 91) % 600).toArray();
    for (int i = 0; i < 8; i++) {
      int[] own = new Random(i).ints(5 + 17 * i, 3, 600).toArray();
      PROMPTS.add(i % 2 == 0 ? Fixture.concat(common, own) : own);
    }
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 1))) {
      for (int i = 0; i < PROMPTS.size(); i++) {
        EXPECTED.add(take(loop.submit(task(i))));
      }
    }
    for (List<Integer> reply : EXPECTED) {
      assertTrue(reply.stream().distinct().count() > 10, "it says something: " + reply);
    }
  }

  @AfterAll
  static void close() {
    compute.close();
  }

  @Test
  void replies_amongSevenOthers_areTheSame() throws Exception {
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 8))) {
      assertAllTheSame(loop);
    }
  }

  @Test
  void replies_inOtherChunks_areTheSame() throws Exception {
    for (int chunk : new int[] {3, 17, 256}) {
      try (EngineLoop loop = open(chunk, new Settings(CONTEXT, 3))) {
        assertAllTheSame(loop);
      }
    }
  }

  @Test
  void replies_afterPrefixHits_areTheSame() throws Exception {
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 2, 64, 100))) {
      assertAllTheSame(loop);
      long before = loop.stats().tokens().prompt();
      assertAllTheSame(loop);
      assertTrue(loop.stats().tokens().prompt() - before <= 8, "only the last tokens are computed");
    }
  }

  @Test
  void replies_afterPreemption_areTheSame() throws Exception {
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 8, 12, 100))) {
      assertAllTheSame(loop);
      assertTrue(loop.stats().preemptions() > 0);
    }
  }

  @Test
  void replies_afterARestart_areTheSame() throws Exception {
    Path kept = Files.createTempDirectory(folder, "kv");
    KvFolder disk = new KvFolder(kept, 1L << 30, "tiny");
    for (int start = 0; start < 2; start++) {
      try (EngineLoop loop = open(64, new Settings(CONTEXT, 4, 64, 100, disk, null))) {
        assertAllTheSame(loop);
        long cached = loop.stats().tokens().cached();
        assertTrue(start == 0 || cached >= 4 * 128, cached + " tokens were found");
      }
    }
  }

  @Test
  void replies_afterAWarmUp_areTheSameAndNothingIsLeft() throws Exception {
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 8))) {
      assertTrue(loop.warmUp() > 0);
      assertEquals(0, loop.stats().tokens().prompt());
      assertEquals(0, loop.stats().blocks().used() + loop.stats().blocks().kept());
      assertAllTheSame(loop);
    }
  }

  @Test
  void warmUp_whileSomebodyIsAnswered_endsAtOnce() throws Exception {
    try (EngineLoop loop = open(64, new Settings(CONTEXT, 8))) {
      Sequence running = loop.submit(task(0));
      running.ring().take();
      assertEquals(0, loop.warmUp(), "no round was computed");
      running.cancel();
    }
  }

  @Test
  void replies_withAPowerBudget_areTheSame() throws Exception {
    PowerBudget half = new PowerBudget.Share(0.5);
    EnginePace pace = new EnginePace(PowerGovernor.of(half, EnergyMeters.ofMachine()));
    LanguageModel model = load(file, 64, compute.withPace(pace));
    try (EngineLoop loop = new EngineLoop(model, new Settings(CONTEXT, 3), pace)) {
      assertAllTheSame(loop);
    }
    assertTrue(System.nanoTime() - pace.nanos() > 10_000_000, "it rested");
  }

  @Test
  void replies_withGuesses_areTheSame() throws Exception {
    List<Speculator> all = List.of(new Speculator(), new Speculator(SameTokensTest::guesser));
    for (Speculator speculator : all) {
      try (EngineLoop loop = open(64, new Settings(CONTEXT, 4, 64, 100, null, speculator))) {
        assertAllTheSame(loop);
        assertAllTheSame(loop);
        EngineStats.Tokens tokens = loop.stats().tokens();
        assertTrue(tokens.accepted() > 0, tokens::toString);
      }
    }
  }

  @Test
  void replies_withADraftModel_areTheSame() throws Exception {
    Path other = folder.resolve("other.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), other, 8, Synth.Progress.NONE);
    for (Path draft : List.of(other, file)) {
      // Said to be cheap, so that it is tried.
      DraftModel.Settings settings = new DraftModel.Settings(CONTEXT, 64, 600, 0.01);
      Speculator speculator = new Speculator(new DraftModel(load(draft, 64), settings));
      try (EngineLoop loop = open(64, new Settings(CONTEXT, 2, 64, 100, null, speculator))) {
        assertAllTheSame(loop);
        EngineStats.Tokens tokens = loop.stats().tokens();
        assertTrue(tokens.drafted() > 0, tokens::toString);
      }
    }
  }

  // Knows the replies, and errs now and then.
  private static Drafter guesser() {
    Random random = new Random(3);
    return (history, limit) -> {
      for (int i = 0; i < PROMPTS.size(); i++) {
        int said = history.length() - PROMPTS.get(i).length;
        if (said >= 0 && said < REPLY && history.at(0) == PROMPTS.get(i)[0] && starts(history, i)) {
          int[] drafts =
              EXPECTED.get(i).stream().skip(said).limit(limit).mapToInt(id -> id).toArray();
          if (drafts.length > 0 && random.nextInt(3) == 0) {
            drafts[random.nextInt(drafts.length)] = 5;
          }
          return new Drafter.Draft(drafts, 30);
        }
      }
      return Drafter.Draft.NONE;
    };
  }

  private static boolean starts(TokenHistory history, int prompt) {
    int[] tokens = PROMPTS.get(prompt);
    return IntStream.range(0, tokens.length).allMatch(p -> history.at(p) == tokens[p]);
  }

  private static void assertAllTheSame(EngineLoop loop) throws Exception {
    List<Sequence> all = new ArrayList<>();
    for (int i = 0; i < PROMPTS.size(); i++) {
      all.add(loop.submit(task(i)));
    }
    for (int i = 0; i < PROMPTS.size(); i++) {
      assertEquals(EXPECTED.get(i), take(all.get(i)), "prompt " + i);
    }
  }

  private static Sequence.Task task(int prompt) {
    // A model of random weights repeats its input: greedy, with a penalty; or hot, with a seed.
    Sampling.Penalties penalties = new Sampling.Penalties(1f, 1f, 0.5f, -1);
    float temperature = prompt % 2 == 0 ? 0f : 3f;
    Sampling sampling =
        new Sampling(
            temperature,
            40,
            0.95f,
            0f,
            null,
            null,
            null,
            null,
            penalties,
            null,
            99L + prompt,
            null);
    return new Sequence.Task(PROMPTS.get(prompt), SamplerChain.of(sampling, null), REPLY, Set.of());
  }

  private static EngineLoop open(int maxBatch, Settings settings) {
    return new EngineLoop(load(file, maxBatch), settings);
  }

  private static LanguageModel load(Path path, int maxBatch) {
    return load(path, maxBatch, compute);
  }

  private static LanguageModel load(Path path, int maxBatch, Compute with) {
    LoadOptions options = new LoadOptions(CONTEXT, maxBatch, TensorType.F16, null);
    return Models.load(GgufFile.open(path), with, options);
  }
}
