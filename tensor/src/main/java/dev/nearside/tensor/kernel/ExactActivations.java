package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;

/**
 * Activations on the Java heap, where a kernel's broadcast of one value costs no bounds or lifetime
 * check: the float32 rows and the same rows rounded to 13 bits. Rows are contiguous.
 */
public final class ExactActivations implements Activations {
  private final int maxTokens;
  private final int maxCols;

  /** The values as they came: {@code (tokens, cols)}. */
  public final float[] values;

  /** Codes, integers held as float32: {@code (tokens, cols / 32 * 32)}. */
  public final float[] codes;

  /** Scale of each block of 32: {@code (tokens, cols / 32)}. */
  public final float[] scales;

  /** Sum of the codes of each 16: {@code (tokens, cols / 32 * 2)}. */
  public final float[] sums;

  private int tokens;
  private long version;
  private int cols;

  ExactActivations(int maxTokens, int maxCols) {
    long room = (long) maxTokens * maxCols;
    if (maxTokens < 1 || maxCols < 1 || room > Integer.MAX_VALUE - 64) {
      throw new TensorException(
          Fault.of("activations of this shape can't be held")
              .got(maxTokens + " tokens of " + maxCols + " values")
              .expected("1 to " + Integer.MAX_VALUE + " values in all"));
    }
    this.maxTokens = maxTokens;
    this.maxCols = maxCols;
    this.values = new float[(int) room];
    this.codes = new float[(int) room];
    this.scales = new float[(int) room / SpecRows.BLOCK];
    this.sums = new float[(int) room / SpecRows.PIECE];
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public int cols() {
    return cols;
  }

  /** Changes whenever other rows are filled in. */
  public long version() {
    return version;
  }

  /** Columns that are quantised: the whole blocks of a row. */
  public int blockCols() {
    return cols / SpecRows.BLOCK * SpecRows.BLOCK;
  }

  /** Blocks of a row. */
  public int blocks() {
    return cols / SpecRows.BLOCK;
  }

  /** Says which rows will be filled. */
  void shape(int newTokens, int newCols) {
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

  /** Copies row {@code row} of {@code from} to row {@code to} of this, which has its shape. */
  void copyRow(ExactActivations from, int row, int to) {
    System.arraycopy(from.values, row * cols, values, to * cols, cols);
    System.arraycopy(from.codes, row * blockCols(), codes, to * blockCols(), blockCols());
    System.arraycopy(from.scales, row * blocks(), scales, to * blocks(), blocks());
    System.arraycopy(from.sums, row * blocks() * 2, sums, to * blocks() * 2, blocks() * 2);
  }
}
