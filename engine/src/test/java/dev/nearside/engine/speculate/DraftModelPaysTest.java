package dev.nearside.engine.speculate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import dev.nearside.engine.sample.TokenHistory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** Whether a draft model pays, on a machine whose steps cost what is said here. */
class DraftModelPaysTest {
  private static final double SLOPE = 0.1; // of a step's cost, for each further token
  private static final int CONTEXT = 4000;

  /** Time that goes by only where something is computed. */
  private long now;

  private final List<Integer> drafted = new ArrayList<>();

  private record Text(List<Integer> tokens) implements TokenHistory {
    @Override
    public int length() {
      return tokens.size();
    }

    @Override
    public int at(int position) {
      return tokens.get(position);
    }
  }

  // What is said next depends on the place alone, so that long texts are cheap to tell.
  private static int said(int position) {
    return 'a' + Math.floorMod(position * 7 + position * position / 5, 26);
  }

  @Test
  void draft_smallAndMostlyRight_pays() {
    assertTrue(gain(0.1, 0.95, 300, 20) > 1.7);
    assertTrue(gain(0.1, 0.8, 300, 20) > 1.25);
    assertTrue(gain(0.25, 0.95, 300, 20) > 1.35);
  }

  @Test
  void draft_alwaysWrong_isSoonOff() {
    for (double cost : new double[] {0.05, 0.2, 0.6, 1}) {
      double gain = gain(cost, 0, 400, 20);
      assertTrue(gain > 0.95, () -> "cost " + cost + ": " + gain);
    }
  }

  @Test
  void draft_wrongMoreOftenThanNot_neverCostsMuch() {
    for (double cost : new double[] {0.1, 0.3, 1}) {
      for (double right : new double[] {0.1, 0.3, 0.5}) {
        double gain = gain(cost, right, 400, 20);
        assertTrue(gain > 0.95, () -> "cost " + cost + ", right " + right + ": " + gain);
      }
    }
  }

  @Test
  void draft_asSlowAsTheTarget_isNotUsed() {
    double gain = gain(1, 1, 400, 20);
    assertTrue(gain > 0.99, () -> "gain " + gain);
  }

  @Test
  void draft_longPromptAndShortReply_isNotCaughtUpWith() {
    double gain = gain(0.2, 0.95, 12, 3000);
    assertTrue(gain > 0.97, () -> "gain " + gain);
    assertTrue(drafted.stream().mapToInt(i -> i).sum() < 100, drafted::toString);
  }

  @Test
  void draft_longPromptAndLongReply_isCaughtUpWith() {
    double gain = gain(0.1, 0.95, 600, 1000);
    assertTrue(gain > 1.2, () -> "gain " + gain);
  }

  @Test
  void draft_severalSequences_areComputedTogether() {
    List<Integer> sizes = new ArrayList<>();
    FakeModel model = new FakeModel(64, history -> said(history.length));
    model.before(batch -> {
      now += 100_000;
      sizes.add(batch.blockTables().length);
    });
    Speculator speculator = speculator(model, 0.1);
    List<Speculator.Wish> wishes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      wishes.add(new Speculator.Wish(speculator.begin(), text(10 + i), 3));
    }
    for (int size = 4; size < 20; size++) {
      speculator.measured(size, 1_000_000 + 20_000L * size);
    }
    List<int[]> guesses = speculator.draft(wishes, 20);
    assertEquals(List.of(4, 4, 4), sizes);
    for (int i = 0; i < 4; i++) {
      int[] right = {said(10 + i), said(11 + i), said(12 + i)};
      assertEquals(List.of(right[0], right[1], right[2]), list(guesses.get(i)));
    }
    assertTrue(speculator.draft(wishes, 2).stream().mapToInt(g -> g.length).sum() <= 2);
    speculator.close();
  }

  @Test
  void draft_moreIsMissingThanABatchTakes_someWait() {
    FakeModel model = new FakeModel(32, history -> said(history.length)); // throws when it is more
    Speculator speculator = speculator(model, 0.01);
    List<Speculator.Wish> wishes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      wishes.add(new Speculator.Wish(speculator.begin(), text(10 + i), 3));
    }
    for (int size = 5; size < 20; size++) {
      speculator.measured(size, 1_000_000 + 20_000L * size);
    }
    int[] guessed = new int[5];
    for (int step = 0; step < 3; step++) {
      List<int[]> guesses = speculator.draft(wishes, 20);
      for (int i = 0; i < 5; i++) {
        guessed[i] += guesses.get(i).length;
      }
    }
    assertTrue(Arrays.stream(guessed).allMatch(count -> count > 0), Arrays.toString(guessed));
    speculator.close();
  }

  private static List<Integer> list(int[] ids) {
    List<Integer> out = new ArrayList<>();
    for (int id : ids) {
      out.add(id);
    }
    return out;
  }

  private static Text text(int length) {
    List<Integer> tokens = new ArrayList<>();
    for (int p = 0; p < length; p++) {
      tokens.add(said(p));
    }
    return new Text(tokens);
  }

  private Speculator speculator(FakeModel model, double cost) {
    DraftModel.Settings settings = new DraftModel.Settings(CONTEXT, 64, FakeModel.VOCAB, cost);
    return new Speculator(
        () -> (history, limit) -> Drafter.Draft.NONE, new DraftModel(model, settings, () -> now));
  }

  /**
   * Plain time over time with guesses.
   *
   * @param cost of a step of the draft model, in steps of the target; a tenth for each token that
   *     is caught up with
   * @param right how often the draft model is
   */
  private double gain(double cost, double right, int reply, int prompt) {
    now = 0;
    drafted.clear();
    Random random = new Random(1);
    boolean[] isRight = new boolean[CONTEXT];
    for (int i = 0; i < isRight.length; i++) {
      isRight[i] = random.nextDouble() < right;
    }
    IntUnaryOperator guess = p -> isRight[p] ? said(p) : 'A';
    FakeModel model = new FakeModel(64, history -> guess.applyAsInt(history.length));
    model.before(batch -> {
      now += (long) (1e6 * cost * (1 + SLOPE * (batch.size() - 1)));
      drafted.add(batch.size());
    });
    Text text = text(prompt);
    try (Speculator speculator = speculator(model, cost)) {
      Drafting drafting = speculator.begin();
      while (text.length() < prompt + reply) {
        int left = prompt + reply - text.length() - 1;
        int[] drafts =
            speculator.draft(List.of(new Speculator.Wish(drafting, text, left)), 30).get(0);
        int accepted = 0;
        while (accepted < drafts.length && drafts[accepted] == said(text.length())) {
          text.tokens.add(drafts[accepted++]);
        }
        text.tokens.add(said(text.length()));
        long took = (long) (1e6 * (1 + SLOPE * drafts.length));
        now += took;
        speculator.measured(1 + drafts.length, took);
        drafting.verified(drafts.length, accepted);
      }
      drafting.close();
    }
    return reply * 1e6 / now;
  }
}
