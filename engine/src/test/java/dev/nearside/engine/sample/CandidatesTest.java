package dev.nearside.engine.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static final float[] ODD = {
    0f, -0f, 1f, 1f, -1f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, 3e38f
  };

  @Test
  void keepTop_randomLogits_equalsSortAndCut() {
    Random random = new Random(1);
    for (int round = 0; round < 5_000; round++) {
      float[] logits = new float[1 + random.nextInt(40)];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextBoolean() ? random.nextInt(5) - 2 : ODD[random.nextInt(ODD.length)];
      }
      int k = 1 + random.nextInt(45);
      Candidates candidates = new Candidates();
      candidates.reset(logits);
      candidates.keepTop(k);
      List<Integer> sorted =
          IntStream.range(0, logits.length)
              .boxed()
              // -0 and 0 are equal; + 0f makes them one number
              .sorted(
                  Comparator.comparingDouble((Integer i) -> -(double) (logits[i] + 0f) + 0.0)
                      .thenComparingInt(i -> i))
              .limit(k)
              .toList();
      assertEquals(sorted, IntStream.range(0, candidates.size()).mapToObj(candidates::id).toList());
      for (int i = 0; i < candidates.size(); i++) {
        assertEquals(logits[sorted.get(i)] + 0f, candidates.logit(i) + 0f);
      }
      candidates.reset(logits);
      assertEquals(sorted.getFirst(), candidates.id(candidates.best()));
    }
  }

  @Test
  void change_afterAnyStep_meetsTheKnownTokensAndNoOthers() {
    Random random = new Random(2);
    for (int round = 0; round < 3_000; round++) {
      float[] logits = new float[1 + random.nextInt(100)];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = random.nextInt(50);
      }
      Candidates candidates = new Candidates();
      candidates.reset(logits);
      switch (random.nextInt(6)) {
        case 0 -> candidates.keepTop(1 + random.nextInt(logits.length));
        case 1 -> candidates.keepAllowed(new long[] {random.nextLong() | 1});
        case 2 -> candidates.sort();
        case 3 -> candidates.dropFirst(1);
        case 4 -> {
          boolean[] isKept = new boolean[logits.length];
          isKept[random.nextInt(logits.length)] = true;
          candidates.keep(isKept);
        }
        default -> {}
      }
      Map<Integer, Float> known = new HashMap<>();
      for (int i = 0; i < 5; i++) {
        known.put(random.nextInt(-5, 130), random.nextFloat());
      }
      candidates.change(known, Float::sum);
      for (int i = 0; i < candidates.size(); i++) {
        int id = candidates.id(i);
        assertEquals(logits[id] + known.getOrDefault(id, 0f), candidates.logit(i));
      }
    }
  }

  @Test
  void computeProbabilities_threeLogits_areTheirSoftmax() {
    Candidates candidates = new Candidates();
    candidates.reset(new float[] {(float) Math.log(1), (float) Math.log(2), (float) Math.log(5)});
    candidates.computeProbabilities();
    double[] got = IntStream.range(0, 3).mapToDouble(candidates::probability).toArray();
    assertArrayEquals(new double[] {0.125, 0.25, 0.625}, got, 1e-7);
  }
}
