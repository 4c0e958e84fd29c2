package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** {@code x = act(x)}, a multiple of 16 elements. */
final class ActivationRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int X = 0;

  /** Vectors of 16. */
  static final int COUNT = 8;

  private ActivationRoutine() {}

  static Code assemble(Activation act) {
    Assembler a = new Assembler();
    ActivationCode code = new ActivationCode(a, new LaneCode(a));
    Vec x = Vec.zmm(0);
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, X));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    Label next = a.here("next");
    a.vmovups(x, Mem.at(Gpr.RSI));
    code.apply(act, x, LaneCode.registers(1, 7));
    a.vmovups(Mem.at(Gpr.RSI), x);
    a.add(Gpr.RSI, 64);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }
}
