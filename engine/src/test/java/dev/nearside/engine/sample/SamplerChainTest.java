package dev.nearside.engine.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.TinyTokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerChainTest {
  // Probabilities 0.4, 0.3, 0.2, 0.06, 0.04.
  private static final double[] FIVE = {0.4, 0.3, 0.2, 0.06, 0.04};

  private record History(int... ids) implements TokenHistory {
    @Override
    public int length() {
      return ids.length;
    }

    @Override
    public int at(int position) {
      return ids[position];
    }
  }

  @Test
  void sample_noTruncation_drawsInProportion() {
    int[] counts = new int[5];
    Sampler sampler = SamplerChain.of(Sampling.builder().temperature(1f).seed(7L).build(), null);
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      counts[sampler.sample(logits(FIVE), new History(new int[i % 200 + 1]))]++;
    }
    // 200 positions are 200 draws; as many seeds make them many more.
    int[] all = new int[5];
    for (long seed = 0; seed < draws; seed++) {
      Sampling s = Sampling.builder().temperature(1f).seed(seed).build();
      all[SamplerChain.of(s, null).sample(logits(FIVE), new History(1, 2))]++;
    }
    for (int i = 0; i < 5; i++) {
      double expected = FIVE[i] * draws;
      assertEquals(expected, all[i], 5 * Math.sqrt(expected), "token " + i);
      assertTrue(counts[i] > 0, "token " + i + " at some position");
    }
  }

  @Test
  void topK_two_leavesTwo() {
    assertEquals(Set.of(0, 1), seen(Sampling.builder().topK(2)));
  }

  @Test
  void topP_smallestSetThatReachesIt_isLeft() {
    assertEquals(Set.of(0, 1), seen(Sampling.builder().topP(0.65f)));
    assertEquals(Set.of(0, 1, 2), seen(Sampling.builder().topP(0.75f)));
    assertEquals(Set.of(0), seen(Sampling.builder().topP(0f)));
  }

  @Test
  void minP_shareOfTheBest_isTheBound() {
    assertEquals(Set.of(0, 1, 2), seen(Sampling.builder().minP(0.3f)));
    assertEquals(Set.of(0, 1), seen(Sampling.builder().minP(0.7f)));
  }

  @Test
  void typical_nearestToTheEntropy_areLeft() {
    // Entropy 1.347; surprises 0.916, 1.204, 1.609, 2.813, 3.219: nearest 1, then 2, then 0.
    assertEquals(Set.of(1), seen(Sampling.builder().typicalP(0.25f)));
    assertEquals(Set.of(1, 2), seen(Sampling.builder().typicalP(0.45f)));
    assertEquals(Set.of(0, 1, 2), seen(Sampling.builder().typicalP(0.6f)));
  }

  @Test
  void xtc_alwaysOn_dropsAllTopChoicesButTheLast() {
    assertEquals(Set.of(2, 3, 4), seen(Sampling.builder().xtc(new Sampling.Xtc(1f, 0.15f))));
    assertEquals(Set.of(0, 1, 2, 3, 4), seen(Sampling.builder().xtc(new Sampling.Xtc(0f, 0.15f))));
  }

  @Test
  void order_temperatureFirst_changesWhatTopPKeeps() {
    Sampling.Builder hot = Sampling.builder().topP(0.75f).temperature(5f);
    assertEquals(Set.of(0, 1, 2), seen(hot));
    assertEquals(Set.of(0, 1, 2, 3), seen(hot.order(List.of("temperature", "top-p"))));
    ChatException e =
        assertThrows(
            ChatException.class,
            () -> SamplerChain.of(Sampling.builder().order(List.of("topp!")).build(), null));
    assertTrue(e.fault().message().contains("top-p"), e::getMessage);
  }

  @Test
  void sample_temperatureZero_takesTheFirstOfTheBest() {
    Sampler greedy = SamplerChain.of(Sampling.GREEDY, null);
    assertEquals(1, greedy.sample(new float[] {1f, 3f, 3f, -0f}, new History()));
    assertEquals(0, greedy.sample(new float[] {-0f, 0f}, new History()));
  }

  @Test
  void sample_sameSeedAndPosition_givesTheSameWhateverCameBefore() {
    Sampling s = Sampling.builder().temperature(1f).seed(3L).build();
    Sampler used = SamplerChain.of(s, null);
    for (int i = 1; i < 50; i++) {
      used.sample(logits(FIVE), new History(new int[i]));
    }
    int[] first = ids(used, 30);
    assertEquals(Arrays.toString(first), Arrays.toString(ids(SamplerChain.of(s, null), 30)));
    Sampling other = s.toBuilder().seed(4L).build();
    assertNotEquals(Arrays.toString(first), Arrays.toString(ids(SamplerChain.of(other, null), 30)));
  }

  @Test
  void logitBias_isAddedWhateverTheOrderSays() {
    Sampling s = Sampling.GREEDY.toBuilder().logitBias(Map.of(4, 50f)).order(List.of()).build();
    assertEquals(4, SamplerChain.of(s, null).sample(logits(FIVE), new History()));
  }

  @Test
  void penalties_seenTokens_loseAsStated() {
    Sampling.Penalties p = new Sampling.Penalties(2f, 0.5f, 0.25f, 3);
    Candidates c = new Candidates();
    c.reset(new float[] {4f, -4f, 1f, 1f});
    Repetition.of(p).apply(c, new History(2, 0, 1, 1)); // the 2 is too far back
    assertEquals(4f / 2 - 0.5f - 0.25f, c.logit(0));
    assertEquals(-4f * 2 - 0.5f - 2 * 0.25f, c.logit(1));
    assertEquals(1f, c.logit(2));
    assertEquals(1f, c.logit(3));
  }

  @Test
  void penalties_someUnset_areFilledInOneByOne() {
    Sampling.Penalties card = new Sampling.Penalties(1.1f, 0f, 0f, 64);
    Sampling model = Sampling.builder().penalties(card).build();
    Sampling flags =
        Sampling.builder().penalties(new Sampling.Penalties(null, 0.5f, null, 256)).build();
    assertEquals(new Sampling.Penalties(1.1f, 0.5f, 0f, 256), flags.orElse(model).penalties());
    assertEquals(card, Sampling.DEFAULTS.orElse(model).penalties());
    assertEquals(
        new Repetition(1f, 0.5f, 0f, 256),
        Repetition.of(new Sampling.Penalties(null, 0.5f, null, 256)));
  }

  @Test
  void dry_repetition_isPenalisedByItsLength() {
    Sampling.Dry dry = new Sampling.Dry(0.8f, 1.75f, 2, -1, List.of());
    Candidates c = new Candidates();
    c.reset(new float[10]);
    new DryPenalty(dry, id -> false).apply(c, new History(1, 2, 3, 4, 9, 1, 2, 3));
    assertEquals((float) -(0.8f * StrictMath.pow(1.75f, 1)), c.logit(4), 1e-6f, "1 2 3 was seen");
    for (int id : new int[] {0, 1, 2, 3, 5, 9}) {
      assertEquals(0f, c.logit(id), "token " + id);
    }
  }

  @Test
  void dry_tooManyOrTooLongBreakers_areRefused() {
    for (List<String> breakers :
        List.of(Collections.nCopies(65, "x"), List.of("x".repeat(101)), List.of(""))) {
      Sampling.Dry dry = new Sampling.Dry(0.8f, 1.75f, 2, -1, breakers);
      Sampling s = Sampling.GREEDY.toBuilder().dry(dry).build();
      assertThrows(ChatException.class, () -> SamplerChain.of(s, TinyTokenizer.create()));
    }
  }

  @Test
  void dry_breaker_endsTheRepetition() {
    Sampling.Dry dry = new Sampling.Dry(0.8f, 1.75f, 2, -1, List.of("\n"));
    Sampling s = Sampling.GREEDY.toBuilder().dry(dry).build();
    Sampler sampler = SamplerChain.of(s, TinyTokenizer.create());
    float[] logits = new float[260];
    logits['d'] = 1f;
    logits['x'] = 0.9f;
    assertEquals('x', sampler.sample(logits.clone(), new History('b', 'c', 'd', 'z', 'b', 'c')));
    int newline = TinyTokenizer.create().id("Ċ").orElseThrow();
    assertEquals(
        'd', sampler.sample(logits.clone(), new History('b', newline, 'd', 'z', 'b', newline)));
  }

  @Test
  void mirostat_surpriseBeyondMu_isDropped() {
    Sampling s =
        Sampling.builder().temperature(1f).seed(1L).mirostat(new Sampling.Mirostat(1f, 0f)).build();
    // mu stays at 2 bits: 0.4 is 1.32 bits, 0.3 is 1.74, 0.2 is 2.32.
    Set<Integer> got = new TreeSet<>();
    for (int i = 1; i < 300; i++) {
      got.add(SamplerChain.of(s, null).sample(logits(FIVE), new History(new int[i])));
    }
    assertEquals(Set.of(0, 1), got);
  }

  @Test
  void of_valueOutOfRange_saysWhich() {
    ChatException e =
        assertThrows(
            ChatException.class,
            () -> SamplerChain.of(Sampling.builder().topP(1.5f).build(), null));
    assertTrue(e.fault().message().contains("top-p"), e::getMessage);
  }

  // What is drawn over many seeds.
  private static Set<Integer> seen(Sampling.Builder builder) {
    return IntStream.range(0, 2_000)
        .mapToObj(seed ->
            SamplerChain.of(builder.seed((long) seed).build(), null)
                .sample(logits(FIVE), new History(1, 2, 3)))
        .collect(Collectors.toSet());
  }

  private static int[] ids(Sampler sampler, int count) {
    return IntStream.range(0, count)
        .map(i -> sampler.sample(logits(FIVE), new History(new int[i + 1])))
        .toArray();
  }

  private static float[] logits(double... probabilities) {
    float[] out = new float[probabilities.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) Math.log(probabilities[i]);
    }
    return out;
  }
}
