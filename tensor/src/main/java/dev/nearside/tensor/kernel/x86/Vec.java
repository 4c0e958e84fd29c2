package dev.nearside.tensor.kernel.x86;

/**
 * A vector register.
 *
 * @param bytes 16, 32 or 64
 * @param number 0 to 31; from 16 on only AVX-512 has them
 */
public record Vec(int bytes, int number) implements Operand {
  public Vec {
    if ((bytes != 16 && bytes != 32 && bytes != 64) || number < 0 || number > 31) {
      throw new IllegalArgumentException("no vector register: " + bytes + " bytes, " + number);
    }
  }

  public static Vec xmm(int number) {
    return new Vec(16, number);
  }

  public static Vec ymm(int number) {
    return new Vec(32, number);
  }

  public static Vec zmm(int number) {
    return new Vec(64, number);
  }

  /** The lower part of this register, or the register that this is part of. */
  public Vec as(int newBytes) {
    return new Vec(newBytes, number);
  }

  /** This register, of which only the chosen lanes are written. */
  public Masked merging(Mask mask) {
    return new Masked(this, mask, false);
  }

  /** This register, of which the lanes that are not chosen become zero. */
  public Masked zeroing(Mask mask) {
    return new Masked(this, mask, true);
  }

  @Override
  public String toString() {
    return (bytes == 16 ? "xmm" : bytes == 32 ? "ymm" : "zmm") + number;
  }
}
