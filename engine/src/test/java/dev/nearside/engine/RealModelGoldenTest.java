package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.RealGolden.Greedy;
import dev.nearside.engine.RealGolden.Text;
import dev.nearside.engine.eval.Scorer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exact numerics on real models against float32 transformers on the same weights: what the
 * arithmetic may lose at most.
 */
@Tag("model")
class RealModelGoldenTest {
  private static final double MAX_KL = 2e-5;
  private static final double MAX_PERPLEXITY_CHANGE = 2e-3;
  private static final int MIN_EQUAL_REPLIES = 19;

  private @TempDir Path temp;

  @Test
  void exact_smollm2_staysWithinItsBounds() throws Exception {
    check("smollm2-135m", "smollm2:135m", "NEARSIDE_TEST_SMOLLM2");
  }

  @Test
  void exact_gemma3_staysWithinItsBounds() throws Exception {
    check("gemma3-270m-base", "gemma3:270m-base", "NEARSIDE_TEST_GEMMA3");
  }

  private void check(String golden, String name, String variable) throws Exception {
    RealGolden real = RealGolden.read(golden, temp);
    Path file = RealModels.require(name, real.sha256(), variable);
    EngineOptions options = EngineOptions.DEFAULTS.withContextLength(512).withKernels("vector");
    try (LoadedModel model = LoadedModel.open(file, options);
        Scorer scorer = new Scorer(model.model(), 512)) {
      int vocab = model.model().info().vocabSize();
      checkReplies(real, scorer, vocab);
      for (String language : new String[] {"english", "chinese"}) {
        checkText(name + ", " + language, real.text(language), scorer, vocab);
      }
    }
  }

  private static void checkText(String name, Text text, Scorer scorer, int vocab) {
    Sums sums = new Sums(text);
    for (int from = 0; from < text.tokens().length; from += text.window()) {
      scorer.rewind(0);
      int[] window = Arrays.copyOfRange(text.tokens(), from, from + text.window());
      int half = text.window() / 2;
      scorer.feed(
          window,
          half,
          (position, rows, logits) -> {
            float[] row = new float[vocab];
            for (int i = 0; i < rows && position + i < text.window() - 1; i++) {
              logits.get((long) i * vocab, row, 0, vocab);
              sums.add(row, window[position + i + 1]);
            }
          });
    }
    assertEquals(text.target().length, sums.at, "positions scored");
    double perplexity = Math.exp(-sums.logLikelihood / sums.at);
    double kl = sums.kl / sums.at;
    double change = perplexity / text.perplexity() - 1;
    System.out.printf(
        "%s: KL %.3g, perplexity %.4f (%+.4f %%)%n", name, kl, perplexity, 100 * change);
    assertTrue(kl <= MAX_KL, () -> name + ": mean KL " + kl);
    assertTrue(
        Math.abs(change) <= MAX_PERPLEXITY_CHANGE,
        () -> name + ": perplexity " + perplexity + ", expected " + text.perplexity());
  }

  private static void checkReplies(RealGolden real, Scorer scorer, int vocab) {
    int equal = 0;
    for (Greedy g : real.greedy()) {
      scorer.rewind(0);
      int[] best = new int[1];
      int same = 0;
      int[] ids = g.prompt();
      while (same < g.expected().length) {
        float[] row = new float[vocab];
        scorer.feed(
            ids,
            ids.length - 1,
            (position, rows, logits) -> {
              logits.get((long) (rows - 1) * vocab, row, 0, vocab);
              best[0] = best(row);
            });
        if (best[0] != g.expected()[same]) {
          break;
        }
        ids = new int[] {g.expected()[same++]};
      }
      equal += same == g.expected().length ? 1 : 0;
    }
    int found = equal;
    System.out.println("greedy replies equal: " + found + " of " + real.greedy().size());
    assertEquals(20, real.greedy().size());
    assertTrue(found >= MIN_EQUAL_REPLIES, () -> found + " of 20 greedy replies are equal");
  }

  private static int best(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }

  /** What is summed up over the positions of a text. */
  private static final class Sums {
    private final Text text;
    private int at;
    private double logLikelihood;
    private double kl;

    Sums(Text text) {
      this.text = text;
    }

    void add(float[] logits, int next) {
      double max = logits[best(logits)];
      double sum = 0;
      for (float v : logits) {
        sum += Math.exp(v - max);
      }
      double logSum = max + Math.log(sum);
      logLikelihood += logits[next] - logSum;
      double top = 0;
      double samples = 0;
      for (int i = 0; i < text.kept(); i++) {
        double p = text.logProbs()[at * text.kept() + i];
        double difference = logits[text.ids()[at * text.kept() + i]] - logSum - p;
        double term = Math.expm1(difference) - difference;
        if (i < text.top()) {
          top += Math.exp(p) * term;
        } else {
          samples += term;
        }
      }
      kl += top + text.rest()[at] * samples / (text.kept() - text.top());
      at++;
    }
  }
}
