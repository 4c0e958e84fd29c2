package dev.nearside.engine.eval;

import dev.nearside.model.LanguageModel;
import dev.nearside.model.Numerics;
import java.util.Random;

/**
 * Measures the speed of a model as llama-bench does: random tokens, the logits of the last one of a
 * prompt, nothing sampled. Loading the model is not in the time, nor is what stands before the
 * timed tokens.
 */
public final class SpeedTest implements AutoCloseable {
  /**
   * What the warm-up took. The Java runtime compiles the kernels while they run; a test is only
   * worth something once its speed has settled.
   *
   * @param rounds whole runs of the test
   */
  public record WarmUp(int rounds, double seconds) {}

  private static final int SEED = 1;
  private static final int ROUNDS_AT_LEAST = 3;
  private static final double SECONDS_AT_LEAST = 3;
  private static final double SECONDS_AT_MOST = 30;
  private static final double SETTLED = 1.02;

  private final SpeedSpec spec;
  private final Scorer scorer;
  private final Random random = new Random(SEED);
  private final int vocabSize;

  /**
   * Gets ready: computes the tokens before the timed ones.
   *
   * @param numerics of prompts
   */
  public SpeedTest(LanguageModel model, SpeedSpec spec, Numerics numerics) {
    this.spec = spec;
    this.vocabSize = model.info().vocabSize();
    this.scorer =
        new Scorer(
            model,
            spec.positions(),
            spec.kind() == SpeedSpec.Kind.PROMPT ? numerics : Numerics.EXACT);
    if (spec.depth() > 0) {
      scorer.feed(tokens(spec.depth()));
    }
  }

  public SpeedSpec spec() {
    return spec;
  }

  /** Runs the test until its speed has settled: until two rounds in a row bring no 2 % more. */
  public WarmUp warmUp() {
    long start = System.nanoTime();
    double best = 0;
    int rounds = 0;
    int stale = 0;
    double seconds = 0;
    while (seconds < SECONDS_AT_MOST
        && (rounds < ROUNDS_AT_LEAST || stale < 2 || seconds < SECONDS_AT_LEAST)) {
      double speed = run();
      rounds++;
      stale = speed > best * SETTLED ? 0 : stale + 1;
      best = Math.max(best, speed);
      seconds = (System.nanoTime() - start) / 1e9;
    }
    return new WarmUp(rounds, seconds);
  }

  /** Runs the test once. */
  public double run() {
    scorer.rewind(spec.depth());
    int[] ids = tokens(spec.tokens());
    int[] one = new int[1];
    long start = System.nanoTime();
    switch (spec.kind()) {
      case PROMPT -> scorer.feed(ids);
      case GENERATE -> {
        for (int id : ids) {
          one[0] = id;
          scorer.feed(one);
        }
      }
    }
    return spec.tokens() * 1e9 / (System.nanoTime() - start);
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, vocabSize).toArray();
  }

  @Override
  public void close() {
    scorer.close();
  }
}
