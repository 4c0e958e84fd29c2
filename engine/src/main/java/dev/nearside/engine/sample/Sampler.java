package dev.nearside.engine.sample;

/** Chooses the next token of one sequence. */
public interface Sampler {
  /**
   * @param logits one row, the vocabulary long; left as it is
   * @param history the tokens before
   */
  int sample(float[] logits, TokenHistory history);
}
