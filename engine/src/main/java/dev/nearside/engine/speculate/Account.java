package dev.nearside.engine.speculate;

/**
 * What one way of guessing has gained and lost in one sequence, in nanoseconds. It may lose what it
 * gained, a small part of the time so far, and one token to begin with.
 */
final class Account {
  private static final double LOSS = 0.015; // of the time so far that may be lost
  private static final int MOST_STEPS = 8; // that can be saved up to be lost again

  private double spent;
  private double balance;

  /** Time of plain steps so far. */
  double spent() {
    return spent;
  }

  /**
   * What the next guesses may cost.
   *
   * @param plain time of a token without guesses
   */
  double credit(double plain) {
    return balance + LOSS * spent + plain;
  }

  /** Tokens that would have taken so long without guesses. */
  void passed(double nanos) {
    spent += nanos;
  }

  /**
   * Guesses were checked.
   *
   * @param gain nanoseconds that they saved; negative when they cost more
   */
  void settle(double gain, double plain) {
    balance = Math.min(balance + gain, MOST_STEPS * plain);
  }
}
