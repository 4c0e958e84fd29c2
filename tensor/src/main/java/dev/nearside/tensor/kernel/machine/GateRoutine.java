package dev.nearside.tensor.kernel.machine;

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
  private final Vec gate = Vec.zmm(0);
  private final Vec x = Vec.zmm(1);
  private final Vec n = Vec.zmm(2);
  private final Vec p = Vec.zmm(3);
  private final Vec t = Vec.zmm(4);
  private final Vec sign = Vec.zmm(5);

  private GateRoutine() {}

  /** Whether there is a routine for it. */
  static boolean has(GatedActivation act) {
    return act == GatedActivation.SILU || act == GatedActivation.GELU_TANH;
  }

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
    a.vpbroadcastd(sign, a.constant("sign", 0x8000_0000));
    Mem cubic = lanes.constant("cubic", SpecMath.GELU_CUBIC);
    Mem scale = lanes.constant("scale", SpecMath.GELU_SCALE);
    Label next = a.here("next");
    a.vmovups(gate, Mem.at(Gpr.RSI));
    switch (act) {
      case SILU -> a.vpxord(x, gate, sign);
      case GELU_TANH -> {
        a.vmulps(t, gate, cubic);
        a.vfmadd213ps(t, gate, lanes.one());
        a.vmulps(x, gate, scale);
        a.vmulps(x, x, t);
      }
      default -> throw new IllegalArgumentException("no routine: " + act);
    }
    lanes.exp(x, n, p, t);
    a.vaddps(x, x, lanes.one());
    a.vdivps(x, gate, x);
    a.vmulps(x, x, Mem.at(Gpr.R8));
    a.vmovups(Mem.at(Gpr.RDX), x);
    a.add(Gpr.RSI, STEP);
    a.add(Gpr.R8, STEP);
    a.add(Gpr.RDX, STEP);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
    frame.end(a);
    return a.finish();
  }
}
