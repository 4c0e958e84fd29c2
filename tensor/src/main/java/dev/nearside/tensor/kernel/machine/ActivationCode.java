package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.SpecEncoder;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Mask;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** {@link SpecEncoder#activate} on vectors of 16 floats, operation for operation. */
final class ActivationCode {
  private final Assembler a;
  private final LaneCode lanes;

  ActivationCode(Assembler a, LaneCode lanes) {
    this.a = a;
    this.lanes = lanes;
  }

  /**
   * {@code x = act(x)}; writes mask k5.
   *
   * @param scratch seven registers
   */
  void apply(Activation act, Vec x, Vec... scratch) {
    switch (act) {
      case GELU -> gelu(x, scratch);
      case GELU_TANH -> {
        Vec e = scratch[0];
        Vec t = scratch[1];
        a.vmulps(t, x, lanes.constant("cubic", SpecMath.GELU_CUBIC));
        a.vfmadd213ps(t, x, lanes.one());
        a.vmulps(e, x, lanes.constant("scale", SpecMath.GELU_SCALE));
        a.vmulps(e, e, t);
        overOnePlusExp(x, e, scratch);
      }
      case SILU -> {
        a.vpxord(scratch[0], x, lanes.sign());
        overOnePlusExp(x, scratch[0], scratch);
      }
      case RELU -> {
        a.vpxord(scratch[0], scratch[0], scratch[0]);
        a.vaddps(x, x, scratch[0]); // -0 becomes 0
        a.vmaxps(x, scratch[0], x); // in this order a NaN stays one
      }
      case TANH -> new CapCode(a, lanes).softCap(x, lanes.one(), scratch);
    }
  }

  /** {@code x = x / (1 + exp(e))}; {@code e} is the first of the scratch registers. */
  void overOnePlusExp(Vec x, Vec e, Vec... scratch) {
    lanes.exp(e, scratch[1], scratch[2], scratch[3]);
    a.vaddps(e, e, lanes.one());
    a.vdivps(x, x, e);
  }

  private void gelu(Vec x, Vec... scratch) {
    Vec t = scratch[0];
    Vec u = scratch[1];
    Vec p = scratch[2];
    Vec e = scratch[3];
    Mem[] powers = {
      lanes.constant("c9", SpecEncoder.ERFC_9),
      lanes.constant("c8", SpecEncoder.ERFC_8),
      lanes.constant("c7", SpecEncoder.ERFC_7),
      lanes.constant("c6", SpecEncoder.ERFC_6),
      lanes.constant("c5", SpecEncoder.ERFC_5),
      lanes.constant("c4", SpecEncoder.ERFC_4),
      lanes.constant("c3", SpecEncoder.ERFC_3),
      lanes.constant("c2", SpecEncoder.ERFC_2),
      lanes.constant("c1", SpecEncoder.ERFC_1),
      lanes.constant("c0", SpecEncoder.ERFC_0)
    };
    a.vpandd(t, x, lanes.magnitude());
    a.vmulps(t, t, lanes.constant("root of a half", SpecEncoder.SQRT_HALF));
    a.vbroadcastss(u, lanes.constant("map", SpecEncoder.ERFC_MAP).element());
    a.vfmadd213ps(u, t, lanes.one());
    a.vbroadcastss(p, lanes.one().element());
    a.vdivps(u, p, u);
    a.vbroadcastss(p, powers[0].element());
    for (int i = 1; i < powers.length; i++) {
      a.vfmadd213ps(p, u, powers[i]);
    }
    a.vmulps(p, p, u);
    a.vmulps(e, t, t);
    a.vpxord(e, e, lanes.sign());
    lanes.exp(e, scratch[4], scratch[5], scratch[6]);
    a.vmulps(e, e, p);
    a.vmulps(p, x, e); // below zero
    a.vpxord(t, t, t);
    a.vcmpps(Mask.k(5), x, t, LaneCode.GREATER_OR_EQUAL);
    a.vmovups(u, x);
    a.vfnmadd231ps(u, x, e); // else
    a.vblendmps(x.merging(Mask.k(5)), p, u);
  }
}
