package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** {@code out = act(gate) * up}, a multiple of 16 elements; {@code out} may be {@code gate}. */
final class GateRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int GATE = 0;

  static final int UP = 8;
  static final int OUT = 16;

  /** Vectors of 16. */
  static final int COUNT = 24;

  private static final int STEP = 64;

  private final Assembler a = new Assembler();
  private final LaneCode lanes = new LaneCode(a);
  private final ActivationCode activations = new ActivationCode(a, lanes);
  private final Vec x = Vec.zmm(0);
  private final Vec[] scratch = LaneCode.registers(1, 7);

  private GateRoutine() {}

  static Code assemble(GatedActivation act) {
    return new GateRoutine().code(act);
  }

  private Code code(GatedActivation act) {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, GATE));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, UP));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, OUT));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    Label next = a.here("next");
    a.vmovups(x, Mem.at(Gpr.RSI));
    switch (act) {
      case SILU -> times(Activation.SILU);
      case GELU_TANH -> times(Activation.GELU_TANH);
      case GELU -> times(Activation.GELU);
      case SWIGLU_OAI -> swigluOai();
    }
    a.vmovups(Mem.at(Gpr.RDX), x);
    a.add(Gpr.RSI, STEP);
    a.add(Gpr.R8, STEP);
    a.add(Gpr.RDX, STEP);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }

  private void times(Activation act) {
    activations.apply(act, x, scratch);
    a.vmulps(x, x, Mem.at(Gpr.R8));
  }

  // The bounds come first: where a lane is no number, the second operand is the result.
  private void swigluOai() {
    Vec e = scratch[0];
    Vec up = scratch[4];
    a.vbroadcastss(e, lanes.constant("limit", SpecMath.OAI_LIMIT).element());
    a.vminps(x, e, x);
    a.vminps(up, e, Mem.at(Gpr.R8));
    a.vbroadcastss(e, lanes.constant("-limit", -SpecMath.OAI_LIMIT).element());
    a.vmaxps(up, e, up);
    a.vaddps(up, up, lanes.one());
    a.vmulps(e, x, lanes.constant("slope", SpecMath.OAI_SLOPE));
    a.vpxord(e, e, lanes.sign());
    activations.overOnePlusExp(x, e, scratch);
    a.vmulps(x, x, up);
  }
}
