package dev.nearside.tensor.kernel.machine;

/**
 * What {@link FastRoutine} reads of 32 activations of a token: 8-bit codes, their scale, and their
 * sums.
 *
 * <pre>
 *    0  codes i8 × 32
 *   32  scale f32
 *   36  -Σ q  i32 of the block, then of its two halves of 16
 *   48   Σ q  f32 of the block, then of its two halves of 16
 * </pre>
 */
final class FastBlock {
  static final int BYTES = 64;
  static final int CODES = 0;
  static final int SCALE = 32;
  static final int MINUS_SUM = 36;
  static final int SUM = 48;

  private FastBlock() {}
}
