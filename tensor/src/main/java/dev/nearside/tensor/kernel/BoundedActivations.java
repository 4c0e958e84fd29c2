package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;

/** The shape of activations, within what their buffer holds. */
public abstract class BoundedActivations implements Activations {
  private final int maxTokens;
  private final int maxCols;
  private int tokens;
  private int cols;
  private long version;

  /**
   * @throws TensorException when so many values can't be held
   */
  protected BoundedActivations(int maxTokens, int maxCols) {
    if (maxTokens < 1 || maxCols < 1 || (long) maxTokens * maxCols > Integer.MAX_VALUE - 64) {
      throw new TensorException(
          Fault.of("activations of this shape can't be held")
              .got(maxTokens + " tokens of " + maxCols + " values")
              .expected("1 to " + Integer.MAX_VALUE + " values in all"));
    }
    this.maxTokens = maxTokens;
    this.maxCols = maxCols;
  }

  @Override
  public final int tokens() {
    return tokens;
  }

  @Override
  public final int cols() {
    return cols;
  }

  /** Changes whenever other rows are filled in. */
  public final long version() {
    return version;
  }

  /** Whole blocks of a row; its last {@code cols % 32} values are in none. */
  public final int blocks() {
    return cols / SpecRows.BLOCK;
  }

  /** Says which rows will be filled. */
  public final void shape(int newTokens, int newCols) {
    if (newTokens < 0 || newTokens > maxTokens || newCols < 1 || newCols > maxCols) {
      throw new TensorException(
          Fault.of("activations don't fit their buffer")
              .got(newTokens + " tokens of " + newCols + " values")
              .expected("at most " + maxTokens + " of " + maxCols));
    }
    version++;
    tokens = newTokens;
    cols = newCols;
  }
}
