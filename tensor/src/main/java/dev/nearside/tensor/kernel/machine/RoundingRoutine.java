package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.SpecRows;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mask;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;

/**
 * Rounds float32 values to any number of {@link TokenBlock}s or {@link FastBlock}s.
 *
 * <pre>
 *   RSI values   RDX blocks   R8 bytes from one to the next   RCX blocks left
 *   zmm 0 1 values   2 their largest magnitude   3 scale   4 5 scratch   6 7 codes
 *   zmm 8 … 13 constants   14 scratch   16 what is not finite
 *   k1 blocks that are not all zero   k2 … k7 lanes 1 to 6
 * </pre>
 */
final class RoundingRoutine {
  /** Arguments, 8 bytes each, and where they stand. */
  static final int VALUES = 0;

  static final int BLOCKS = 8;
  static final int COUNT = 16;

  /** Bytes from one block to the next. */
  static final int STEP = 24;

  /** 0 afterwards if all values are finite. */
  static final int FAULT = 32;

  private final boolean isFast;
  private final Assembler a = new Assembler();
  private final LaneCode lanes = new LaneCode(a);
  private final Vec[] x = {Vec.zmm(0), Vec.zmm(1)};
  private final Vec largest = Vec.zmm(2);
  private final Vec scale = Vec.zmm(3);
  private final Vec t = Vec.zmm(4);
  private final Vec u = Vec.zmm(5);
  private final Vec[] q = {Vec.zmm(6), Vec.zmm(7)};
  private final Vec magnitude = Vec.zmm(8);
  private final Vec exponent = Vec.zmm(9);
  private final Vec tiny = Vec.zmm(10);
  private final Vec most = Vec.zmm(11);
  private final Vec sixteen = Vec.zmm(12);
  private final Vec zero = Vec.zmm(13);
  private final Vec sums = Vec.zmm(14);
  private final Vec fault = Vec.zmm(16);
  private final Mask isLarge = Mask.k(1);

  private RoundingRoutine(boolean isFast) {
    this.isFast = isFast;
  }

  /** To {@link TokenBlock}s. */
  static Code exact() {
    return new RoundingRoutine(false).code();
  }

  /** To {@link FastBlock}s. */
  static Code fast() {
    return new RoundingRoutine(true).code();
  }

  private Code code() {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, VALUES));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, BLOCKS));
    a.mov(Gpr.RCX, Mem.at(Frame.ARGUMENTS, COUNT));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, STEP));
    a.vpbroadcastd(magnitude, a.constant("magnitude", 0x7FFF_FFFF));
    a.vpbroadcastd(exponent, a.constant("exponent", 0x0080_0000));
    a.vbroadcastss(tiny, a.constant("tiny", SpecRows.TINY));
    a.vbroadcastss(most, a.constant("most", isFast ? SpecRows.FAST_MAX_CODE : SpecRows.MAX_CODE));
    a.vpbroadcastd(sixteen, a.constant("sixteen", 16));
    a.vpxord(zero, zero, zero);
    for (int i = 1; i <= 6; i++) {
      a.mov(Gpr.RAX, 1 << i);
      a.kmovw(lane(i), Gpr.RAX);
    }
    a.vpxord(fault, fault, fault);
    Label block = a.here("block");
    block();
    a.add(Gpr.RSI, TokenBlock.COLS * Float.BYTES);
    a.add(Gpr.RDX, Gpr.R8);
    a.sub(Gpr.RCX, 1);
    a.jne(block);
    // Any sign bit says that an exponent was all ones.
    a.vpsrld(fault, fault, 31);
    lanes.integerSum(fault, t);
    a.vmovdqu32(Mem.at(Frame.ARGUMENTS, FAULT), fault);
    frame.end(a);
    return a.finish();
  }

  private void block() {
    for (int half = 0; half < 2; half++) {
      a.vmovups(x[half], Mem.at(Gpr.RSI, 64 * half));
    }
    a.vpandd(t, x[0], magnitude);
    a.vpandd(u, x[1], magnitude);
    a.vmaxps(largest, t, u);
    a.vpaddd(t, t, exponent);
    a.vpaddd(u, u, exponent);
    a.vpord(fault, fault, t);
    a.vpord(fault, fault, u);
    lanes.max(largest, t);
    a.vcmpps(isLarge, largest, tiny, 0x0D); // greater or equal
    a.vdivps(scale.zeroing(isLarge), largest, most);
    for (int half = 0; half < 2; half++) {
      a.vdivps(x[half].zeroing(isLarge), x[half], scale);
      a.vcvtps2dq(q[half], x[half]); // to nearest, ties to even
    }
    sums();
    if (isFast) {
      for (int half = 0; half < 2; half++) {
        a.vpmovdb(Mem.at(Gpr.RDX, FastBlock.CODES + 16 * half), q[half]);
      }
    } else {
      halves();
    }
  }

  private void halves() {
    for (int half = 0; half < 2; half++) {
      int at = 16 * half;
      a.vpaddd(t, q[half], sixteen);
      a.vpsrad(t, t, 5);
      a.vpmovdb(Mem.at(Gpr.RDX, TokenBlock.HIGH + at), t);
      a.vpslld(t, t, 5);
      a.vpsubd(t, q[half], t);
      a.vpmovdb(Mem.at(Gpr.RDX, TokenBlock.LOW + at), t);
    }
  }

  // Scale, -sum -left -right, and sum left right as floats: seven lanes, stored together.
  private void sums() {
    Vec left = t;
    Vec right = u;
    Vec both = sums;
    Vec out = largest;
    a.vmovdqu32(left, q[0]);
    a.vmovdqu32(right, q[1]);
    lanes.integerSum(left, both);
    lanes.integerSum(right, both);
    a.vpaddd(both, left, right);
    a.vmovdqu32(out, scale);
    a.vpsubd(out.merging(lane(1)), zero, both);
    a.vpsubd(out.merging(lane(2)), zero, left);
    a.vpsubd(out.merging(lane(3)), zero, right);
    a.vcvtdq2ps(out.merging(lane(4)), both);
    a.vcvtdq2ps(out.merging(lane(5)), left);
    a.vcvtdq2ps(out.merging(lane(6)), right);
    a.vmovups(Mem.at(Gpr.RDX, isFast ? FastBlock.SCALE : TokenBlock.SCALE), out.as(32));
  }

  private static Mask lane(int number) {
    return Mask.k(number + 1);
  }
}
