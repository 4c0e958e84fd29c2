package dev.nearside.engine.speculate;

import dev.nearside.engine.sample.TokenHistory;

/**
 * Guesses the next tokens of one sequence. A wrong guess costs time and never changes a token: one
 * is accepted exactly if it is the token that is sampled in its place. Only the engine thread calls
 * it.
 */
public interface Drafter {
  /**
   * A guess.
   *
   * @param tokens what may follow, in order; empty = no idea
   * @param evidence how many tokens before it agree with where it was found; more is better
   */
  record Draft(int[] tokens, int evidence) {
    /** No idea. */
    public static final Draft NONE = new Draft(new int[0], 0);
  }

  /**
   * What may follow {@code history}, which has grown since the last call but not changed.
   *
   * @param limit tokens at most, at least 1
   */
  Draft draft(TokenHistory history, int limit);

  /** The sequence has ended. */
  default void close() {}
}
