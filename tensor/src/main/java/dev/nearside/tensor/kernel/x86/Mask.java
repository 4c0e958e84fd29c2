package dev.nearside.tensor.kernel.x86;

/** A mask register, 0 to 7; 0 can't choose lanes. */
public record Mask(int number) implements Operand {
  public Mask {
    if (number < 0 || number > 7) {
      throw new IllegalArgumentException("no mask register: " + number);
    }
  }

  public static Mask k(int number) {
    return new Mask(number);
  }

  @Override
  public String toString() {
    return "k" + number;
  }
}
