package dev.nearside.tensor.kernel.x86;

/** A tile register of AMX, 0 to 7: up to 16 rows of 64 bytes. */
public record Tile(int number) implements Operand {
  public Tile {
    if (number < 0 || number > 7) {
      throw new IllegalArgumentException("no tile register: " + number);
    }
  }

  public static Tile tmm(int number) {
    return new Tile(number);
  }

  @Override
  public String toString() {
    return "tmm" + number;
  }
}
