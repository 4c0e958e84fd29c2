package dev.nearside.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogProbsTest {
  @Test
  void exp_wholeRange_isWithinTwoUlp() {
    for (float x = -86.9f; x < 88; x += 0.00137f) {
      double exact = Math.exp(x);
      double error = Math.abs(LogProbs.exp(x) - exact) / Math.ulp((float) exact);
      float at = x;
      assertTrue(error <= 2, () -> "exp(" + at + ") is off by " + error + " ulp");
    }
    assertEquals(1f, LogProbs.exp(0f));
    assertTrue(LogProbs.exp(Float.NEGATIVE_INFINITY) < 1e-37f, "exp(-inf)");
  }

  @Test
  void read_oddLengths_isTheSumInDouble() {
    Random random = new Random(3);
    for (int length : new int[] {1, 2, 3, 5, 1023, 1024, 1025, 2051}) {
      float[] logits = new float[length];
      for (int i = 0; i < length; i++) {
        logits[i] = (float) random.nextGaussian(0, 5);
      }
      LogProbs.Row row = new LogProbs().read(logits);
      double sum = 0;
      for (float v : logits) {
        sum += Math.exp(v - row.max());
      }
      assertEquals(sum, row.sumExp(), 1e-6 * sum, "length " + length);
      assertEquals(row.max(), logits[row.best()]);
    }
  }

  @Test
  void read_equalLogits_takesTheFirst() {
    assertEquals(1, new LogProbs().read(new float[] {0f, 2f, 1f, 2f}).best());
  }

  @Test
  void percentile_betweenNeighbours_isLinear() {
    double[] sorted = {0, 10, 20};
    assertEquals(5, Divergence.percentile(sorted, 0.25));
    assertEquals(20, Divergence.percentile(sorted, 1));
    assertEquals(7, Divergence.percentile(new double[] {7}, 0.999));
  }

  @Test
  void mean_moreThanTenValues_hasAnError() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    Estimate e = Estimate.mean(values);
    assertEquals(6, e.value());
    assertEquals(1, e.error(), 1e-12);
    assertEquals(e.error() * e.error(), Estimate.covariance(values, values), 1e-12);
  }
}
