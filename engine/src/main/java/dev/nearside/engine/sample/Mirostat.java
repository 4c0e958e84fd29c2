package dev.nearside.engine.sample;

/**
 * Mirostat 2 (Basu et al. 2020, algorithm 2): keeps the surprise of the text near {@code tau} bits
 * by dropping tokens of more than {@code mu} bits and correcting {@code mu} after each draw.
 */
final class Mirostat {
  private static final double LN2 = StrictMath.log(2);

  private final float tau;
  private final float eta;
  private double mu;

  Mirostat(float tau, float eta) {
    this.tau = tau;
    this.eta = eta;
    this.mu = 2.0 * tau;
  }

  /** The id drawn with the random number {@code u}. */
  int draw(Candidates c, double u) {
    c.sort();
    c.computeProbabilities();
    int kept = 1;
    while (kept < c.size() && -StrictMath.log(c.probability(kept)) / LN2 <= mu) {
      kept++;
    }
    c.truncate(kept);
    c.computeProbabilities();
    int chosen = SamplerChain.draw(c, u);
    double surprise = -StrictMath.log(c.probability(chosen)) / LN2;
    mu -= eta * (surprise - tau);
    return c.id(chosen);
  }
}
