package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.EncoderSpec;
import dev.nearside.tensor.kernel.SpecEncoder;
import dev.nearside.tensor.kernel.Workers;

/** Attention in both directions: what a token sees ends with its sequence, not with itself. */
final class EncoderAttention extends MachineAttention {
  private EncoderSpec seen = new EncoderSpec(1, 1, 1f, 0);
  private int[] lengths = new int[0]; // of each token's sequence

  EncoderAttention(Workers workers, Arguments arguments, Routines routines) {
    super(workers, arguments, routines);
  }

  /**
   * What the tokens of the next call see.
   *
   * @param starts first token of each sequence, and the number of tokens
   */
  void see(EncoderSpec spec, int[] starts) {
    seen = spec;
    lengths = new int[starts[starts.length - 1]];
    for (int s = 0; s + 1 < starts.length; s++) {
      for (int t = starts[s]; t < starts[s + 1]; t++) {
        lengths[t] = starts[s + 1] - starts[s];
      }
    }
  }

  @Override
  protected int seesFrom(int token) {
    return SpecEncoder.low(seen, position(token));
  }

  @Override
  protected int seesTo(int token) {
    return SpecEncoder.high(seen, position(token), lengths[token]);
  }
}
