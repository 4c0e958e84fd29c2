package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Mask;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/** {@link SpecMath#softCap} on vectors of 16 floats, operation for operation. */
final class CapCode {
  private final Assembler a;
  private final LaneCode lanes;
  private final Mem[] powers;
  private final Mem small;
  private final Mem two;

  CapCode(Assembler a, LaneCode lanes) {
    this.a = a;
    this.lanes = lanes;
    powers =
        new Mem[] {
          lanes.constant("t5", SpecMath.TANH_5),
          lanes.constant("t4", SpecMath.TANH_4),
          lanes.constant("t3", SpecMath.TANH_3),
          lanes.constant("t2", SpecMath.TANH_2),
          lanes.constant("t1", SpecMath.TANH_1),
          lanes.constant("t0", SpecMath.TANH_0)
        };
    small = lanes.constant("small", SpecMath.TANH_SMALL);
    two = lanes.constant("two", 2f);
  }

  /**
   * {@code x = cap * tanh(x / cap)}; writes mask k5.
   *
   * @param cap for every lane
   * @param scratch seven registers
   */
  void softCap(Vec x, Mem cap, Vec... scratch) {
    Vec y = scratch[0];
    Vec square = scratch[1];
    Vec p = scratch[2];
    Vec e = scratch[3];
    Vec n = scratch[4];
    Vec q = scratch[5];
    Vec t = scratch[6];
    a.vdivps(x, x, cap);
    a.vpandd(y, x, lanes.magnitude());
    a.vmulps(square, x, x);
    a.vbroadcastss(p, powers[0].element());
    for (int i = 1; i < powers.length; i++) {
      a.vfmadd213ps(p, square, powers[i]);
    }
    a.vmulps(p, p, square);
    a.vfmadd213ps(p, y, y);
    a.vaddps(e, y, y);
    lanes.exp(e, n, q, t);
    a.vaddps(e, e, lanes.one());
    a.vbroadcastss(t, two.element());
    a.vdivps(t, t, e);
    a.vbroadcastss(e, lanes.one().element());
    a.vsubps(e, e, t);
    a.vcmpps(Mask.k(5), y, small, LaneCode.GREATER_OR_EQUAL);
    a.vblendmps(p.merging(Mask.k(5)), p, e);
    a.vpandd(p, p, lanes.magnitude());
    a.vpandd(x, x, lanes.sign());
    a.vpord(x, x, p);
    a.vmulps(x, x, cap);
  }
}
