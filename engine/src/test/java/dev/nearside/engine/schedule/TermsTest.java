package dev.nearside.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TermsTest {
  @Test
  void order_withAnyDeadlines_findsEverySequenceAgain() {
    long[] timeouts = {1, 1_000_000, Long.MAX_VALUE, Long.MAX_VALUE / 2, Long.MAX_VALUE / 3};
    Random random = new Random(1);
    TreeSet<Sequence> all = new TreeSet<>(Sequence.ORDER);
    List<Sequence> list = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Terms terms = Terms.USUAL.withPriority(random.nextInt(2));
      if (random.nextBoolean()) {
        terms = terms.within(timeouts[random.nextInt(timeouts.length)]);
      }
      Sequence.Task task =
          new Sequence.Task(new int[] {1}, (logits, history) -> 0, 1, Set.of(), terms);
      list.add(new Sequence(task, new TokenRing(1, () -> {}), i, System.nanoTime()));
    }
    all.addAll(list);
    assertEquals(list.size(), all.size());
    for (Sequence a : list) {
      for (Sequence b : list) {
        assertEquals(
            Integer.signum(Sequence.ORDER.compare(a, b)),
            -Integer.signum(Sequence.ORDER.compare(b, a)));
      }
      assertTrue(all.remove(a));
    }
  }

  @Test
  void deadline_veryFarAway_isNotOver() {
    assertFalse(Terms.USUAL.within(Long.MAX_VALUE).isOver(System.nanoTime()));
    assertTrue(Terms.USUAL.within(1).isOver(System.nanoTime() + 2));
  }
}
