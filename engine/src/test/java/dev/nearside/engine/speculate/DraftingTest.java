package dev.nearside.engine.speculate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.sample.TokenHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whether guessing pays, on a machine whose steps cost what is said here. */
class DraftingTest {
  /** A step of n tokens costs {@code 1 + slope * (n - 1)} ms. */
  private record Machine(double slope) {
    double millis(int tokens) {
      return 1 + slope * (tokens - 1);
    }
  }

  private static final class Text implements TokenHistory {
    final List<Integer> tokens = new ArrayList<>();

    @Override
    public int length() {
      return tokens.size();
    }

    @Override
    public int at(int position) {
      return tokens.get(position);
    }
  }

  @Test
  void guesses_alwaysWrong_costAlmostNothing() {
    for (double slope : new double[] {0, 0.1, 0.4, 1}) {
      for (int evidence : new int[] {3, 8, 30}) {
        double gain = gain(new Machine(slope), 300, evidence, 0, 1);
        assertTrue(gain > 0.97, "slope " + slope + ", evidence " + evidence + ": " + gain);
      }
    }
  }

  @Test
  void guesses_wrongMoreOftenThanNot_neverCostMuch() {
    for (int seed = 0; seed < 20; seed++) {
      for (double right : new double[] {0.1, 0.3, 0.5}) {
        double gain = gain(new Machine(0.35), 400, 3 + seed, right, seed);
        assertTrue(gain > 0.97, "right " + right + ", seed " + seed + ": " + gain);
      }
    }
  }

  @Test
  void guesses_mostlyRight_pay() {
    assertTrue(gain(new Machine(0.3), 400, 12, 0.95, 1) > 1.5);
    assertTrue(gain(new Machine(0.3), 400, 12, 0.8, 1) > 1.2);
    assertTrue(gain(new Machine(0.1), 400, 12, 0.9, 1) > 2);
  }

  @Test
  void draft_noRoom_isNotTried() {
    Speculator speculator =
        new Speculator(() ->
            (h, limit) -> {
              throw new AssertionError("asked");
            });
    speculator.measured(1, 1_000_000);
    Drafting drafting = speculator.begin();
    assertEquals(0, drafting.draft(new Text(), 0, 0).length);
    assertEquals(0, drafting.draft(new Text(), 0, -3).length);
    assertEquals(0, drafting.draft(new Text(), StepCost.MOST - 1, 9).length);
  }

  @Test
  void index_anyText_findsWhatAgreesFurthestBack() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      int[] text = random.ints(40 + random.nextInt(900), 0, 3 + round % 8).toArray();
      NgramIndex index = new NgramIndex();
      Text history = new Text();
      for (int i = 0; i < text.length; i++) {
        history.tokens.add(text[i]);
        if (i + 1 < text.length) {
          index.add(text[i]);
        }
      }
      NgramIndex.Match match = index.find(history);
      int longest = 0;
      for (int p = 0; p + 1 < text.length - 1; p++) {
        longest = Math.max(longest, agreed(text, p));
      }
      if (match == null) {
        assertTrue(longest < NgramIndex.GRAM, "there is a place");
      } else {
        assertEquals(agreed(text, match.next() - 1), match.agreed());
        assertTrue(match.agreed() >= NgramIndex.GRAM);
      }
    }
  }

  private static int agreed(int[] text, int last) {
    int n = 0;
    while (n < NgramIndex.FAR && last - n >= 0 && text[last - n] == text[text.length - 1 - n]) {
      n++;
    }
    return n;
  }

  // Plain time over time with guesses, each of whose tokens is right with this chance.
  private static double gain(Machine machine, int tokens, int evidence, double right, int seed) {
    Drafter drafter =
        (history, limit) -> new Drafter.Draft(IntStream.range(0, limit).toArray(), evidence);
    Speculator speculator = new Speculator(() -> drafter);
    Drafting drafting = speculator.begin();
    Random random = new Random(seed);
    Text text = new Text();
    double millis = 0;
    while (text.length() < tokens) {
      int drafted = drafting.draft(text, 0, 16).length;
      int accepted = 0;
      while (accepted < drafted && random.nextDouble() < right) {
        accepted++;
      }
      double step = machine.millis(1 + drafted);
      millis += step;
      speculator.measured(1 + drafted, (long) (step * 1e6));
      drafting.verified(drafted, accepted);
      for (int i = 0; i <= accepted; i++) {
        text.tokens.add(1);
      }
    }
    return text.length() / millis;
  }
}
