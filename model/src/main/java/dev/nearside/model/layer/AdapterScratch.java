package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;

/** Memory for the products of adapters, shared by all of a model. It grows with what is loaded. */
public final class AdapterScratch {
  /** Tokens at a time. */
  private static final int TOKENS = 64;

  /** Outputs at a time, unless one row alone has more. */
  private static final int OUTPUTS = 1 << 20;

  private int cols;
  private int rank;
  private int rows;
  private Activations input;
  private Activations middle;
  private Floats low;
  private Floats high;

  public AdapterScratch(Kernels kernels) {
    this.input = kernels.newActivations(1, 1, Arena.ofAuto());
    this.middle = input;
    this.low = Floats.allocate(Arena.ofAuto(), 1);
    this.high = low;
  }

  /**
   * Makes room.
   *
   * @param widest input features of a changed matrix at most
   * @param highest rank at most
   * @param longest output features at most
   */
  public void ensure(Kernels kernels, int widest, int highest, int longest) {
    if (widest > cols) {
      cols = widest;
      input = kernels.newActivations(TOKENS, cols, Arena.ofAuto());
    }
    if (highest > rank) {
      rank = highest;
      middle = kernels.newActivations(TOKENS, rank, Arena.ofAuto());
      low = Floats.allocate(Arena.ofAuto(), (long) TOKENS * rank);
    }
    if (longest > rows) {
      rows = longest;
      high = Floats.allocate(Arena.ofAuto(), Math.max(OUTPUTS, rows));
    }
  }

  /** Tokens at a time for a matrix of {@code outputs} output features. */
  int tokens(int outputs) {
    return Math.max(1, Math.min(TOKENS, OUTPUTS / outputs));
  }

  /** Chosen rows of a product's input. */
  Activations input() {
    return input;
  }

  /** {@code (tokens, rank)}: what A gives. */
  Floats low() {
    return low;
  }

  /** The same as input of B. */
  Activations middle() {
    return middle;
  }

  /** {@code (tokens, rows)}: what B gives. */
  Floats high() {
    return high;
  }
}
