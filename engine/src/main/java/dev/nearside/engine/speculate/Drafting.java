package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import java.util.Arrays;

/**
 * The guesses for one sequence: how many tokens of a draft are worth checking. That is what makes
 * most tokens in the time of a step, by how often guesses on such evidence were right in this
 * sequence, and what steps cost. Guessing may cost no more than it gave and a small part of the
 * time so far: where it does not pay it is soon off, and tried again now and then.
 */
public final class Drafting {
  /** Tokens of a draft at most: with the one that is known, a whole register tile. */
  public static final int MOST = 11;

  private static final int[] EVIDENCE = {4, 6, 10, 20}; // bounds of the classes
  private static final double[] RIGHT = {0.3, 0.45, 0.6, 0.75, 0.85}; // at first, by class
  private static final double PRIOR = 4; // tokens that the first guess counts for
  private static final double FADE = 0.97;
  private static final double GAIN = 1.05; // below it is not worth the risk
  private static final double LOSS = 0.015; // of the time so far that may be lost
  private static final int MOST_STEPS = 8; // that can be saved up to be lost again

  private final Drafter drafter;
  private final StepCost cost;
  private final double[] right = new double[RIGHT.length];
  private final double[] tried = new double[RIGHT.length];
  private int evidenceClass;
  private int drafted;
  private int others;
  private double spent; // nanoseconds of plain steps so far
  private double balance; // nanoseconds that guessing saved

  Drafting(Drafter drafter, StepCost cost) {
    this.drafter = drafter;
    this.cost = cost;
  }

  /**
   * Tokens worth checking; often none.
   *
   * @param beside other tokens of the step
   * @param limit tokens at most
   */
  public int[] draft(TokenHistory history, int beside, int limit) {
    drafted = 0;
    others = beside;
    int most = Math.min(Math.min(limit, MOST), StepCost.MOST - beside - 1);
    if (most < 1 || cost.of(beside + 1) == 0 || credit() <= 0) {
      return new int[0];
    }
    Drafter.Draft draft = drafter.draft(history, most);
    if (draft.tokens().length == 0) {
      return draft.tokens();
    }
    evidenceClass = classOf(draft.evidence());
    drafted = worthwhile(draft.tokens().length);
    return Arrays.copyOf(draft.tokens(), drafted);
  }

  // What a draft may cost. The first one may cost a token.
  private double credit() {
    return balance + LOSS * spent + plain();
  }

  /** Time of a token without guesses. */
  private double plain() {
    return cost.of(others + 1) / (others + 1);
  }

  // The length that gives most tokens per time, all sequences of the step counted.
  private int worthwhile(int most) {
    double p =
        (PRIOR * RIGHT[evidenceClass] + right[evidenceClass]) / (PRIOR + tried[evidenceClass]);
    double without = cost.of(others + 1);
    double credit = credit();
    int best = 0;
    double bestRate = GAIN / plain();
    double expected = others + 1;
    double chance = 1;
    for (int k = 1; k <= most; k++) {
      chance *= p;
      expected += chance;
      double extra = cost.extra(others + 1, k);
      double rate = expected / (without + extra);
      if (rate > bestRate && extra <= credit) {
        best = k;
        bestRate = rate;
      }
    }
    return best;
  }

  /** How many tokens of the last draft were right. Called after each step, also without draft. */
  public void verified(int accepted) {
    double plain = plain();
    spent += plain * (accepted + 1);
    if (drafted == 0) {
      return;
    }
    double extra = cost.extra(others + 1, drafted);
    balance = Math.min(balance + accepted * plain - extra, MOST_STEPS * plain);
    int judged = Math.min(drafted, accepted + 1); // what stands behind a wrong one says nothing
    right[evidenceClass] = right[evidenceClass] * FADE + accepted;
    tried[evidenceClass] = tried[evidenceClass] * FADE + judged;
    drafted = 0;
  }

  /** The sequence has ended. */
  public void close() {
    drafter.close();
  }

  private static int classOf(int evidence) {
    int c = 0;
    while (c < EVIDENCE.length && evidence >= EVIDENCE[c]) {
      c++;
    }
    return c;
  }
}
