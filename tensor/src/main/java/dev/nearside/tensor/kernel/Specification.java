package dev.nearside.tensor.kernel;

/**
 * The executable specification of <em>exact numerics</em>: what every kernel provider computes, to
 * the bit, in plain scalar Java without library mathematics. The same on paper: {@code
 * docs/design/numerics.md}. Its parts:
 *
 * <ul>
 *   <li>{@link SpecRows}: rounding activations, rows times vectors
 *   <li>{@link SpecMath}: exp, tanh and the activation functions
 *   <li>{@link SpecLayers}: norms, softmax, rotation
 *   <li>{@link SpecAttention}: attention per tile
 *   <li>{@link SpecEncoder}: what encoders add
 *   <li>{@link dev.nearside.tensor.kernel.codes}: integer codes and scales of quantised blocks
 * </ul>
 */
public final class Specification {
  /** Name and version of the numerics; whatever caches computed values keys them by it. */
  public static final String VERSION = "exact-1";

  private Specification() {}
}
