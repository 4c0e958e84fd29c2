package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** {@code x = fma(y, s, x)}, a multiple of 16 elements. */
final class SumRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int X = 0;

  static final int Y = 8;

  /** A float. */
  static final int FACTOR = 16;

  /** Vectors of 16. */
  static final int COUNT = 24;

  private static final int STEP = 64;

  private SumRoutine() {}

  static Code assemble() {
    Assembler a = new Assembler();
    Vec x = Vec.zmm(0);
    Vec factor = Vec.zmm(1);
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, X));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, Y));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    a.vbroadcastss(factor, Mem.at(Frame.ARGUMENTS, FACTOR));
    Label next = a.here("next");
    a.vmovups(x, Mem.at(Gpr.RSI));
    a.vfmadd231ps(x, factor, Mem.at(Gpr.R8));
    a.vmovups(Mem.at(Gpr.RSI), x);
    a.add(Gpr.RSI, STEP);
    a.add(Gpr.R8, STEP);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }
}
