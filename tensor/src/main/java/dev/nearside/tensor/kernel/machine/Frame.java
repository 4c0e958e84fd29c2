package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;
import java.util.List;
import java.util.Locale;

/**
 * Begins and ends a routine in the way of this system's calls: the argument comes to {@link
 * #ARGUMENTS}, registers that belong to the caller are kept. Windows asks for RSI, RDI and
 * XMM6–XMM15 too.
 */
final class Frame {
  /** Where a routine finds the address of its arguments. */
  static final Gpr ARGUMENTS = Gpr.RDI;

  private static final List<Gpr> KEPT =
      List.of(Gpr.RBX, Gpr.RBP, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15);
  private static final List<Gpr> KEPT_ON_WINDOWS = List.of(Gpr.RSI, Gpr.RDI);
  private static final int VECTORS = 10; // XMM6 to XMM15

  private final boolean isWindows;
  private final boolean hasVectors;

  /**
   * @param hasVectors whether the routine touches vector registers
   */
  Frame(boolean isWindows, boolean hasVectors) {
    this.isWindows = isWindows;
    this.hasVectors = hasVectors;
  }

  /** Of this system. */
  static Frame here() {
    return new Frame(isWindows(), true);
  }

  /** Of this system, for a routine without vectors. */
  static Frame ofGeneralRegisters() {
    return new Frame(isWindows(), false);
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("win");
  }

  void begin(Assembler a) {
    KEPT.forEach(a::push);
    if (isWindows) {
      KEPT_ON_WINDOWS.forEach(a::push);
      if (hasVectors) {
        a.sub(Gpr.RSP, VECTORS * 16);
        for (int i = 0; i < VECTORS; i++) {
          a.vmovups(Mem.at(Gpr.RSP, i * 16), Vec.xmm(6 + i));
        }
      }
      a.mov(ARGUMENTS, Gpr.RCX);
    }
  }

  void end(Assembler a) {
    if (hasVectors) {
      a.vzeroupper();
    }
    if (isWindows) {
      if (hasVectors) {
        for (int i = 0; i < VECTORS; i++) {
          a.vmovups(Vec.xmm(6 + i), Mem.at(Gpr.RSP, i * 16));
        }
        a.add(Gpr.RSP, VECTORS * 16);
      }
      KEPT_ON_WINDOWS.reversed().forEach(a::pop);
    }
    KEPT.reversed().forEach(a::pop);
    a.ret();
  }
}
