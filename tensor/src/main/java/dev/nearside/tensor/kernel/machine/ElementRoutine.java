package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** A function of each element in place, a multiple of 16 elements. */
final class ElementRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int X = 0;

  /** Vectors of 16. */
  static final int COUNT = 8;

  /** A float: the cap. */
  static final int CAP = 16;

  private static final Vec ELEMENTS = Vec.zmm(0);
  private static final Vec[] SCRATCH = LaneCode.registers(1, 7);

  private ElementRoutine() {}

  /** {@code x = cap * tanh(x / cap)}. */
  static Code cap() {
    Assembler a = new Assembler();
    CapCode code = new CapCode(a, new LaneCode(a));
    Mem cap = Mem.at(Frame.ARGUMENTS, CAP).broadcast();
    return loop(a, () -> code.softCap(ELEMENTS, cap, SCRATCH));
  }

  /** {@code x = act(x)}. */
  static Code activation(Activation act) {
    Assembler a = new Assembler();
    ActivationCode code = new ActivationCode(a, new LaneCode(a));
    return loop(a, () -> code.apply(act, ELEMENTS, SCRATCH));
  }

  private static Code loop(Assembler a, Runnable step) {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, X));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    Label next = a.here("next");
    a.vmovups(ELEMENTS, Mem.at(Gpr.RSI));
    step.run();
    a.vmovups(Mem.at(Gpr.RSI), ELEMENTS);
    a.add(Gpr.RSI, 64);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }
}
