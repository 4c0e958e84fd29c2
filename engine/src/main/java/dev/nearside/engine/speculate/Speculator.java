package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;
import java.util.function.Supplier;

/** The guesses of one engine. Only the engine thread calls it. */
public final class Speculator {
  /** Tokens of a step with guesses at most. */
  public static final int STEP_TOKENS = StepCost.MOST;

  private final StepCost cost = new StepCost();
  private final RecentReplies replies = new RecentReplies();
  private final Supplier<Drafter> drafters;

  /** Guesses by what was said before. */
  public Speculator() {
    this.drafters = () -> new LookupDrafter(replies);
  }

  /**
   * Guesses in another way.
   *
   * @param drafters makes one for each sequence
   */
  public Speculator(Supplier<Drafter> drafters) {
    this.drafters = drafters;
  }

  /** For a new sequence. */
  public Drafting begin() {
    return new Drafting(drafters.get(), cost);
  }

  /** A sequence has ended; its reply begins at {@code from}. */
  public void ended(TokenHistory history, int from) {
    replies.add(history, from);
  }

  /** A step without prompts, of so many tokens, took so long. */
  public void measured(int tokens, long nanos) {
    cost.measured(tokens, nanos);
  }
}
