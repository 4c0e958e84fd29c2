package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;

/** The second half of a decoder block. */
public interface FeedForward {
  /** {@code out (tokens, hidden)} from the normalised {@code x (tokens, hidden)}. */
  void apply(Step step, Floats x, Floats out);

  /** Bytes that the weights take as loaded. */
  long bytes();
}
