package dev.nearside.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Prompts and replies of {@link FakeModel#letters}. */
final class Fixture {
  private Fixture() {}

  static Sequence.Task task(int[] prompt, int maxTokens, Terms terms) {
    return new Sequence.Task(prompt, (logits, h) -> best(logits), maxTokens, Set.of(257), terms);
  }

  static Sequence.Task task(int[] prompt, int maxTokens) {
    return new Sequence.Task(prompt, (logits, h) -> best(logits), maxTokens, Set.of(257));
  }

  static int best(float[] logits) {
    return IntStream.range(0, logits.length)
        .reduce((a, b) -> logits[b] > logits[a] ? b : a)
        .orElse(0);
  }

  static int[] prompt(int length, int seed) {
    return IntStream.range(0, length).map(i -> 32 + (i * 7 + seed * 11) % 90).toArray();
  }

  static List<Integer> expected(int[] prompt, int count) {
    List<Integer> out = new ArrayList<>();
    int[] all = Arrays.copyOf(prompt, prompt.length + count);
    for (int i = prompt.length; i < all.length; i++) {
      all[i] = FakeModel.letter(Arrays.copyOf(all, i));
      out.add(all[i]);
    }
    return out;
  }

  static int[] concat(int[] a, List<Integer> b) {
    return concat(a, b.stream().mapToInt(Integer::intValue).toArray());
  }

  static int[] concat(int[] a, int[] b) {
    return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }

  static List<Integer> take(Sequence s) throws InterruptedException {
    List<Integer> out = new ArrayList<>();
    for (int id = s.ring().take(); id != TokenRing.END; id = s.ring().take()) {
      out.add(id);
    }
    return out;
  }

  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
