package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;

/**
 * How many tokens there are, and how many of them, the first ones, ask for exact numerics. The
 * others are of prompts and may be computed in fast numerics, where kernels have those.
 */
public record TokenCount(int all, int exact) {
  /**
   * @throws TensorException when more tokens ask for exact numerics than there are
   */
  public TokenCount {
    if (exact < 0 || exact > all) {
      throw new TensorException(
          Fault.of("tokens in exact numerics are out of range").got(exact).expected("0 to " + all));
    }
  }

  /** All of them in exact numerics. */
  public static TokenCount exact(int all) {
    return new TokenCount(all, all);
  }

  /** Those of {@code rows}, ascending, that are chosen from these. */
  public TokenCount of(int[] rows, int count) {
    int chosen = 0;
    while (chosen < count && rows[chosen] < exact) {
      chosen++;
    }
    return new TokenCount(count, chosen);
  }
}
