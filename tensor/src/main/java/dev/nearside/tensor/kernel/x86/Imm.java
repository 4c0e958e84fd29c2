package dev.nearside.tensor.kernel.x86;

/** A number in the instruction itself. */
public record Imm(long value) implements Operand {
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
