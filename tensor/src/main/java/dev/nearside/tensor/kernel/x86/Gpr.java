package dev.nearside.tensor.kernel.x86;

import java.util.Locale;

/** A general register of 64 bits. */
public enum Gpr implements Operand {
  RAX(0),
  RCX(1),
  RDX(2),
  RBX(3),
  RSP(4),
  RBP(5),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11),
  R12(12),
  R13(13),
  R14(14),
  R15(15);

  private final int number;

  Gpr(int number) {
    this.number = number;
  }

  /** As instructions hold it: 0 to 15. */
  public int number() {
    return number;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its lower 32 bits, as the assembler's text names them. */
  String low() {
    String name = toString();
    return number < 8 ? "e" + name.substring(1) : name + "d";
  }
}
