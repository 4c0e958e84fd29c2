package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;
import java.util.stream.IntStream;

/**
 * Pieces of routines on vectors of 16 floats: sums and maxima across lanes, and {@link
 * SpecMath#exp}, operation for operation.
 */
final class LaneCode {
  /** A predicate of comparisons. */
  static final int GREATER_OR_EQUAL = 0x0D;

  private final Assembler a;
  private final Mem sign;
  private final Mem magnitude;
  private final Mem max;
  private final Mem min;
  private final Mem log2e;
  private final Mem rounder;
  private final Mem minusLn2High;
  private final Mem minusLn2Low;
  private final Mem[] powers;
  private final Mem one;
  private final Mem bias;

  LaneCode(Assembler a) {
    this.a = a;
    max = constant("exp max", SpecMath.EXP_MAX);
    min = constant("exp min", SpecMath.EXP_MIN);
    log2e = constant("log2 e", SpecMath.LOG2_E);
    rounder = constant("rounder", SpecMath.ROUNDER);
    minusLn2High = constant("-ln 2 high", -SpecMath.LN2_HIGH);
    minusLn2Low = constant("-ln 2 low", -SpecMath.LN2_LOW);
    powers =
        new Mem[] {
          constant("e5", SpecMath.EXP_5),
          constant("e4", SpecMath.EXP_4),
          constant("e3", SpecMath.EXP_3),
          constant("e2", SpecMath.EXP_2),
          constant("e1", SpecMath.EXP_1),
          constant("e0", SpecMath.EXP_0)
        };
    one = constant("one", 1f);
    bias = a.constant("bias", 127).broadcast();
    sign = a.constant("sign", 0x8000_0000).broadcast();
    magnitude = a.constant("magnitude", 0x7FFF_FFFF).broadcast();
  }

  /** Vectors that follow each other. */
  static Vec[] registers(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(Vec::zmm).toArray(Vec[]::new);
  }

  /** A number for every lane. */
  Mem constant(String name, float value) {
    return a.constant(name, value).broadcast();
  }

  /** The bit of the sign in every lane. */
  Mem sign() {
    return sign;
  }

  /** The other bits in every lane. */
  Mem magnitude() {
    return magnitude;
  }

  /** 1 in every lane. */
  Mem one() {
    return one;
  }

  /** {@code x = exp(x)}; the others are scratch. */
  void exp(Vec x, Vec n, Vec p, Vec t) {
    // The constant comes first: where a lane is no number, the second operand is the result.
    a.vbroadcastss(t, max.element());
    a.vminps(x, t, x);
    a.vbroadcastss(t, min.element());
    a.vmaxps(x, t, x);
    a.vbroadcastss(t, rounder.element());
    a.vfmadd231ps(t, x, log2e);
    a.vpsubd(n, t, rounder);
    a.vsubps(t, t, rounder);
    a.vfmadd231ps(x, t, minusLn2High);
    a.vfmadd231ps(x, t, minusLn2Low);
    a.vbroadcastss(p, powers[0].element());
    for (int i = 1; i < powers.length; i++) {
      a.vfmadd213ps(p, x, powers[i]);
    }
    a.vmulps(t, x, x);
    a.vfmadd213ps(p, t, x);
    a.vaddps(p, p, one);
    a.vpsrad(t, n, 1);
    a.vpsubd(n, n, t);
    a.vpaddd(t, t, bias);
    a.vpslld(t, t, 23);
    a.vpaddd(n, n, bias);
    a.vpslld(n, n, 23);
    a.vmulps(p, p, t);
    a.vmulps(x, p, n);
  }

  /** The sum of 16 lanes as the specification adds them, in every lane of {@code x}. */
  void sum(Vec x, Vec t) {
    acrossLanes(x, t, () -> a.vaddps(x, x, t));
  }

  /** The largest of 16 lanes, in every lane of {@code x}. */
  void max(Vec x, Vec t) {
    acrossLanes(x, t, () -> a.vmaxps(x, x, t));
  }

  /** The sum of 16 integers, in every lane of {@code x}. */
  void integerSum(Vec x, Vec t) {
    acrossLanes(x, t, () -> a.vpaddd(x, x, t));
  }

  // Lane i meets lane i ^ 8, then i ^ 4, i ^ 2, i ^ 1.
  private void acrossLanes(Vec x, Vec t, Runnable combine) {
    a.vshuff32x4(t, x, x, 0x4E);
    combine.run();
    a.vshuff32x4(t, x, x, 0xB1);
    combine.run();
    a.vshufps(t, x, x, 0x4E);
    combine.run();
    a.vshufps(t, x, x, 0xB1);
    combine.run();
  }
}
