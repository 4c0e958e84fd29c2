package dev.nearside.engine.schedule;

import static dev.nearside.engine.schedule.Fixture.expected;
import static dev.nearside.engine.schedule.Fixture.prompt;
import static dev.nearside.engine.schedule.Fixture.take;
import static dev.nearside.engine.schedule.Fixture.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.FinishReason;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.EngineStats;
import dev.nearside.engine.FakeModel;
import dev.nearside.engine.sample.Sampler;
import dev.nearside.engine.sample.SamplerChain;
import dev.nearside.engine.schedule.EngineLoop.Settings;
import dev.nearside.engine.speculate.Drafter;
import dev.nearside.engine.speculate.Speculator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guesses change the speed and no token. */
@Timeout(60)
class SpeculationTest {
  /** Knows what the fake says, and is wrong every now and then. */
  private static Drafter oracle(int seed, int wrongOneIn) {
    Random random = new Random(seed);
    return (history, limit) -> {
      int[] all = IntStream.range(0, history.length() + limit).map(i -> 0).toArray();
      for (int p = 0; p < history.length(); p++) {
        all[p] = history.at(p);
      }
      for (int p = history.length(); p < all.length; p++) {
        all[p] = FakeModel.letter(Arrays.copyOf(all, p));
      }
      int[] drafts = Arrays.copyOfRange(all, history.length(), all.length);
      for (int i = 0; i < drafts.length; i++) {
        if (random.nextInt(wrongOneIn) == 0) {
          drafts[i] = 'A';
        }
      }
      return new Drafter.Draft(drafts, 30);
    };
  }

  @Test
  void drafts_rightAndWrong_theSameTokensInFewerSteps() throws Exception {
    FakeModel model = costly();
    int[] prompt = prompt(100, 1);
    int seed = 1;
    try (EngineLoop loop = open(model, new Speculator(() -> oracle(seed, 9)))) {
      Sequence s = loop.submit(task(prompt, 300));
      assertEquals(expected(prompt, 300), take(s));
      EngineStats.Tokens tokens = loop.stats().tokens();
      assertTrue(tokens.accepted() > 100 && tokens.accepted() < tokens.drafted(), tokens::toString);
      int[] next = Fixture.concat(prompt, expected(prompt, 300));
      Sequence same = loop.submit(task(next, 4));
      assertEquals(expected(next, 4), take(same), "what was guessed wrong left no trace");
      assertTrue(same.cached() > 380);
    }
    assertTrue(model.batchSizes().size() < 220, () -> model.batchSizes().size() + " steps");
  }

  @Test
  void drafts_amongOthers_everyoneSaysTheSame() throws Exception {
    for (int wrong = 2; wrong < 40; wrong += 12) {
      int oneIn = wrong;
      EngineLoop loop = open(costly(), new Speculator(() -> oracle(oneIn, oneIn)));
      try (loop) {
        List<Sequence> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          all.add(loop.submit(task(prompt(40 + 31 * i, i), 150)));
        }
        for (int i = 0; i < 6; i++) {
          assertEquals(expected(prompt(40 + 31 * i, i), 150), take(all.get(i)));
        }
      }
      assertEquals(0, loop.cache().inUse());
    }
  }

  @Test
  void samplers_withStateAndSeed_drawTheSame() throws Exception {
    Sampling mirostat =
        new Sampling(
            1.5f,
            null,
            null,
            null,
            null,
            null,
            null,
            new Sampling.Mirostat(3f, 0.2f),
            null,
            null,
            42L,
            null);
    Sampling penalised =
        new Sampling(
            4f,
            0,
            1f,
            0f,
            null,
            null,
            null,
            null,
            new Sampling.Penalties(1.3f, 0.2f, 0.1f, 64),
            null,
            7L,
            null);
    for (Sampling sampling : List.of(mirostat, penalised)) {
      List<Integer> plain = said(sampling, null);
      assertTrue(plain.stream().distinct().count() > 10, "it is not always the same token");
      assertEquals(plain, said(sampling, new Speculator()));
      // Guesses that agree with a first run: most of them are right.
      Speculator known =
          new Speculator(() ->
              (history, limit) -> {
                int from = history.length() - 60;
                int to = Math.min(plain.size(), from + limit);
                int[] drafts =
                    plain.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
                if (drafts.length > 2 && from % 7 == 0) {
                  drafts[2] = 1;
                }
                return new Drafter.Draft(drafts, 30);
              });
      assertEquals(plain, said(sampling, known));
    }
  }

  private static List<Integer> said(Sampling sampling, @Nullable Speculator speculator)
      throws Exception {
    try (EngineLoop loop = open(costly(), speculator)) {
      Sampler sampler = SamplerChain.of(sampling, null);
      Sequence s = loop.submit(new Sequence.Task(prompt(60, 3), sampler, 200, Set.of(257)));
      List<Integer> out = take(s);
      if (speculator != null && sampling.mirostat() == null) {
        assertTrue(loop.stats().tokens().drafted() >= 0);
      }
      return out;
    }
  }

  @Test
  void end_amidADraft_nothingComesBehindIt() throws Exception {
    // The 20th token ends the reply, or its limit does.
    FakeModel ends = costly(h -> h.length < 60 + 19 ? 'a' + h.length % 26 : 257);
    Drafter knows =
        (history, limit) ->
            new Drafter.Draft(
                IntStream.range(history.length(), history.length() + limit)
                    .map(p -> p == 60 + 19 ? 257 : 'a' + p % 26)
                    .toArray(),
                30);
    try (EngineLoop loop = open(ends, new Speculator(() -> knows))) {
      Sequence s = loop.submit(task(prompt(60, 1), 400));
      assertEquals(19, take(s).size());
      assertEquals(FinishReason.STOP, s.ring().reason());
      for (int max = 1; max < 12; max++) {
        Sequence limited = loop.submit(task(prompt(60, 1), max));
        assertEquals(max, take(limited).size());
        assertEquals(FinishReason.LENGTH, limited.ring().reason());
      }
    }
  }

  @Test
  void lookup_textThatRepeatsThePrompt_isGuessed() throws Exception {
    // Says the prompt again and again.
    FakeModel model = costly(h -> h[h.length - 80]);
    try (EngineLoop loop = open(model, new Speculator())) {
      int[] prompt = IntStream.range(0, 80).map(i -> 'a' + (i * i + i / 7) % 26).toArray();
      Sequence s = loop.submit(task(prompt, 300));
      List<Integer> said = take(s);
      for (int i = 0; i < 300; i++) {
        assertEquals(prompt[i % 80], said.get(i));
      }
      EngineStats.Tokens tokens = loop.stats().tokens();
      assertTrue(tokens.accepted() > 150, tokens::toString);
    }
    assertTrue(model.batchSizes().size() < 150, () -> model.batchSizes().size() + " steps");
  }

  @Test
  void lookup_replyThatAnotherGot_isGuessed() throws Exception {
    // A fixed text, whatever the prompt.
    int[] text = IntStream.range(0, 2000).map(i -> 'a' + (i * i * 7 + i / 3) % 26).toArray();
    FakeModel model = costly(h -> text[h.length]);
    try (EngineLoop loop = open(model, new Speculator())) {
      take(loop.submit(task(prompt(60, 1), 200)));
      long before = loop.stats().tokens().accepted();
      take(loop.submit(task(prompt(60, 2), 200)));
      long accepted = loop.stats().tokens().accepted() - before;
      assertTrue(accepted > 100, () -> accepted + " tokens");
    }
  }

  private static EngineLoop open(FakeModel model, @Nullable Speculator speculator) {
    Settings settings = new Settings(1024, 8, 128, 100, null, speculator);
    return new EngineLoop(model, settings, model::nanos);
  }

  private static FakeModel costly() {
    return costly(FakeModel::letter);
  }

  // A step costs 200 µs and a twentieth more for each further token.
  private static FakeModel costly(ToIntFunction<int[]> next) {
    return new FakeModel(64, next).costing(tokens -> 200_000 + 10_000L * (tokens - 1));
  }
}
