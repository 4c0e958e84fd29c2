package dev.nearside.tensor.kernel.x86;

/**
 * A destination of which some lanes are written.
 *
 * @param isZeroing whether the other lanes become zero rather than stay
 */
public record Masked(Vec vec, Mask mask, boolean isZeroing) implements Operand {
  public Masked {
    if (mask.number() == 0) {
      throw new IllegalArgumentException("k0 chooses every lane");
    }
  }

  @Override
  public String toString() {
    return vec + "{" + mask + "}" + (isZeroing ? "{z}" : "");
  }
}
