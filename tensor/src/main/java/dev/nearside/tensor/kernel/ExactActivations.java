package dev.nearside.tensor.kernel;

/**
 * Activations on the Java heap, where a kernel's broadcast of one value costs no bounds or lifetime
 * check: the float32 rows and the same rows rounded to 13 bits, or 8 in fast numerics. Rows are
 * contiguous.
 */
public final class ExactActivations extends BoundedActivations {
  /** The values as they came: {@code (tokens, cols)}. */
  public final float[] values;

  /** Codes, integers held as float32: {@code (tokens, cols / 32 * 32)}. */
  public final float[] codes;

  /** Scale of each block of 32: {@code (tokens, cols / 32)}. */
  public final float[] scales;

  /** Sum of the codes of each 16: {@code (tokens, cols / 32 * 2)}. */
  public final float[] sums;

  private int exact;

  ExactActivations(int maxTokens, int maxCols) {
    super(maxTokens, maxCols);
    int room = maxTokens * maxCols;
    this.values = new float[room];
    this.codes = new float[room];
    this.scales = new float[room / SpecRows.BLOCK];
    this.sums = new float[room / SpecRows.PIECE];
  }

  void shape(TokenCount tokens, int cols) {
    shape(tokens.all(), cols);
    exact = tokens.exact();
  }

  /** Whether a token asks for exact numerics. */
  boolean isExact(int token) {
    return token < exact;
  }

  /** Columns that are quantised: the whole blocks of a row. */
  public int blockCols() {
    return blocks() * SpecRows.BLOCK;
  }

  /** Copies row {@code row} of {@code from} to row {@code to} of this, which has its shape. */
  void copyRow(ExactActivations from, int row, int to) {
    System.arraycopy(from.values, row * cols(), values, to * cols(), cols());
    System.arraycopy(from.codes, row * blockCols(), codes, to * blockCols(), blockCols());
    System.arraycopy(from.scales, row * blocks(), scales, to * blocks(), blocks());
    System.arraycopy(from.sums, row * blocks() * 2, sums, to * blocks() * 2, blocks() * 2);
  }
}
