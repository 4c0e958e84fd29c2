package dev.nearside.tensor.kernel.machine;

/**
 * What a routine reads of 32 activations of a token: 13-bit codes in two halves, {@code q = 32 high
 * + low}, their scale, and their sums.
 *
 * <pre>
 *    0  high  i8 × 32
 *   32  low   i8 × 32
 *   64  scale f32
 *   68  -Σ q  i32 of the block, then of its two halves of 16
 *   80   Σ q  f32 of the block, then of its two halves of 16
 * </pre>
 */
final class TokenBlock {
  static final int COLS = 32;
  static final int BYTES = 96;
  static final int HIGH = 0;
  static final int LOW = 32;
  static final int SCALE = 64;
  static final int MINUS_SUM = 68;
  static final int SUM = 80;

  private TokenBlock() {}
}
