package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The guesses for one sequence: how many tokens of a draft are worth checking. That is what makes
 * most tokens in the time of a step, by how often guesses on such evidence were right in this
 * sequence, and what steps cost. Guessing may cost no more than it gave and a small part of the
 * time so far: where it does not pay it is soon off, and tried again now and then.
 *
 * <p>What a {@link Drafter} says costs nothing but the check. A {@link DraftModel} has to be
 * computed, for all sequences of a step together: {@link ModelStep} does it.
 */
public final class Drafting {
  /** Tokens of a draft at most: with the one that is known, a whole register tile. */
  public static final int MOST = 11;

  private static final int[] EVIDENCE = {4, 6, 10, 20}; // bounds of the classes
  private static final double[] RIGHT = {0.3, 0.45, 0.6, 0.75, 0.85}; // at first, by class
  private static final double PRIOR = 4; // tokens that the first guess counts for
  private static final double FADE = 0.97;

  /** Times the plain rate: less is not worth the risk. */
  static final double GAIN = 1.05;

  private final Drafter drafter;
  private final @Nullable ModelDrafter byModel;
  private final StepCost cost;
  private final Account account = new Account();
  private final double[] right = new double[RIGHT.length];
  private final double[] tried = new double[RIGHT.length];
  private int evidenceClass;
  private int drafted;
  private int others;
  private double gain = 1;
  private double expected;

  /**
   * @param byModel its guesses by a draft model; null = there is none
   */
  Drafting(Drafter drafter, @Nullable ModelDrafter byModel, StepCost cost) {
    this.drafter = drafter;
    this.byModel = byModel;
    this.cost = cost;
  }

  /** Its guesses by the draft model; null where there is none. */
  @Nullable ModelDrafter byModel() {
    return byModel;
  }

  /**
   * Tokens worth checking, by what was said before; often none.
   *
   * @param beside other tokens of the step
   * @param limit tokens at most
   */
  public int[] draft(TokenHistory history, int beside, int limit) {
    drafted = 0;
    gain = 1;
    expected = 0;
    others = beside;
    int most = Math.min(Math.min(limit, MOST), StepCost.MOST - beside - 1);
    if (most < 1 || cost.of(beside + 1) == 0 || account.credit(plain()) <= 0) {
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

  /** How much faster tokens are expected to come than without the last draft. */
  double gain() {
    return gain;
  }

  /** Tokens of the last draft that are expected to be right. */
  double expected() {
    return expected;
  }

  /** The last draft will not be checked. */
  void drop() {
    drafted = 0;
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
    double credit = account.credit(plain());
    int best = 0;
    double bestRate = GAIN / plain();
    double tokens = others + 1;
    double chance = 1;
    for (int k = 1; k <= most; k++) {
      chance *= p;
      tokens += chance;
      double extra = cost.extra(others + 1, k);
      double rate = tokens / (without + extra);
      if (rate > bestRate && extra <= credit) {
        best = k;
        bestRate = rate;
        gain = rate * plain();
        expected = tokens - others - 1;
      }
    }
    return best;
  }

  /**
   * A step was computed, with guesses or not.
   *
   * @param checked guesses that were computed in it
   * @param accepted how many of them were right
   */
  public void verified(int checked, int accepted) {
    double plain = plain();
    account.passed(plain * (accepted + 1));
    if (byModel != null) {
      if (checked == 0) {
        byModel.checks(0); // there was no room after all
      }
      int own = byModel.checked();
      double extra = own > 0 ? cost.extra(others + 1, own) : 0;
      byModel.verified(own > 0 ? accepted : 0, extra, plain, accepted + 1);
    }
    if (drafted > 0 && checked > 0) {
      account.settle(accepted * plain - cost.extra(others + 1, drafted), plain);
      int judged = Math.min(drafted, accepted + 1); // what stands behind a wrong one says nothing
      right[evidenceClass] = right[evidenceClass] * FADE + accepted;
      tried[evidenceClass] = tried[evidenceClass] * FADE + judged;
    }
    drafted = 0;
  }

  /** The sequence gives way to others: what is stored for its guesses can go. */
  public void pause() {
    if (byModel != null) {
      byModel.release();
    }
  }

  /** The sequence has ended. */
  public void close() {
    drafter.close();
    if (byModel != null) {
      byModel.close();
    }
  }

  private static int classOf(int evidence) {
    int c = 0;
    while (c < EVIDENCE.length && evidence >= EVIDENCE[c]) {
      c++;
    }
    return c;
  }
}
