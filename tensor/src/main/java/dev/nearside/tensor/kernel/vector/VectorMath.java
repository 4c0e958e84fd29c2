package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.SpecMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SpecMath} over arrays, operation for operation. Arrays are filled up to whole vectors:
 * {@code count} is rounded up to {@link Lanes#WIDTH}.
 */
final class VectorMath {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final VectorSpecies<Integer> I = Lanes.INTS;
  private static final int WIDTH = Lanes.WIDTH;

  private VectorMath() {}

  /** {@code x[i] = exp(x[i] - minus)}. */
  static void exp(float[] x, int count, float minus) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector clamped =
          FloatVector.fromArray(F, x, i).sub(minus).min(SpecMath.EXP_MAX).max(SpecMath.EXP_MIN);
      FloatVector rounder = FloatVector.broadcast(F, SpecMath.ROUNDER);
      FloatVector shifted = clamped.fma(FloatVector.broadcast(F, SpecMath.LOG2_E), rounder);
      IntVector n = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(SpecMath.ROUNDER));
      FloatVector whole = shifted.sub(rounder);
      FloatVector r = whole.fma(FloatVector.broadcast(F, -SpecMath.LN2_HIGH), clamped);
      r = whole.fma(FloatVector.broadcast(F, -SpecMath.LN2_LOW), r);
      FloatVector p = FloatVector.broadcast(F, SpecMath.EXP_5);
      p = p.fma(r, FloatVector.broadcast(F, SpecMath.EXP_4));
      p = p.fma(r, FloatVector.broadcast(F, SpecMath.EXP_3));
      p = p.fma(r, FloatVector.broadcast(F, SpecMath.EXP_2));
      p = p.fma(r, FloatVector.broadcast(F, SpecMath.EXP_1));
      p = p.fma(r, FloatVector.broadcast(F, SpecMath.EXP_0));
      p = p.fma(r.mul(r), r).add(1f);
      IntVector half = n.lanewise(VectorOperators.ASHR, 1);
      FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      FloatVector second =
          n.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
      p.mul(first).mul(second).intoArray(x, i);
    }
  }

  /** {@code x[i] = cap * tanh(x[i] / cap)}; {@code e} is scratch. */
  static void softCap(float[] x, float[] e, int count, float cap) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector a = FloatVector.fromArray(F, x, i).div(cap).abs();
      a.add(a).intoArray(e, i);
    }
    exp(e, count, 0f);
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(F, x, i).div(cap);
      FloatVector a = v.abs();
      FloatVector square = v.mul(v);
      FloatVector p = FloatVector.broadcast(F, SpecMath.TANH_5);
      p = p.fma(square, FloatVector.broadcast(F, SpecMath.TANH_4));
      p = p.fma(square, FloatVector.broadcast(F, SpecMath.TANH_3));
      p = p.fma(square, FloatVector.broadcast(F, SpecMath.TANH_2));
      p = p.fma(square, FloatVector.broadcast(F, SpecMath.TANH_1));
      p = p.fma(square, FloatVector.broadcast(F, SpecMath.TANH_0));
      FloatVector small = p.mul(square).fma(a, a);
      FloatVector two = FloatVector.broadcast(F, 2f);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector large = one.sub(two.div(FloatVector.fromArray(F, e, i).add(1f)));
      VectorMask<Float> isSmall = a.lt(SpecMath.TANH_SMALL);
      FloatVector magnitude = large.blend(small, isSmall);
      IntVector sign = v.reinterpretAsInts().and(0x8000_0000);
      magnitude
          .reinterpretAsInts()
          .and(0x7FFF_FFFF)
          .or(sign)
          .reinterpretAsFloats()
          .mul(cap)
          .intoArray(x, i);
    }
  }

  /** {@code gate[i] = silu(gate[i]) * up[i]}; {@code e} is scratch. */
  static void silu(float[] gate, float[] up, float[] e, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector.fromArray(F, gate, i).neg().intoArray(e, i);
    }
    exp(e, count, 0f);
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector.fromArray(F, gate, i)
          .div(FloatVector.fromArray(F, e, i).add(1f))
          .mul(FloatVector.fromArray(F, up, i))
          .intoArray(gate, i);
    }
  }

  /** {@code gate[i] = geluTanh(gate[i]) * up[i]}; {@code e} is scratch. */
  static void geluTanh(float[] gate, float[] up, float[] e, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector g = FloatVector.fromArray(F, gate, i);
      FloatVector inner = g.mul(SpecMath.GELU_CUBIC).fma(g, FloatVector.broadcast(F, 1f));
      g.mul(SpecMath.GELU_SCALE).mul(inner).intoArray(e, i);
    }
    exp(e, count, 0f);
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector.fromArray(F, gate, i)
          .div(FloatVector.fromArray(F, e, i).add(1f))
          .mul(FloatVector.fromArray(F, up, i))
          .intoArray(gate, i);
    }
  }

  /** {@code x[i] = x[i] * y[i]}. */
  static void multiply(float[] x, float[] y, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector.fromArray(F, x, i).mul(FloatVector.fromArray(F, y, i)).intoArray(x, i);
    }
  }

  /** gpt-oss's gate; {@code e} is scratch. */
  static void swigluOai(float[] gate, float[] up, float[] e, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector g = FloatVector.fromArray(F, gate, i).min(SpecMath.OAI_LIMIT);
      g.mul(SpecMath.OAI_SLOPE).neg().intoArray(e, i);
    }
    exp(e, count, 0f);
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector g = FloatVector.fromArray(F, gate, i).min(SpecMath.OAI_LIMIT);
      FloatVector u =
          FloatVector.fromArray(F, up, i).min(SpecMath.OAI_LIMIT).max(-SpecMath.OAI_LIMIT);
      g.div(FloatVector.fromArray(F, e, i).add(1f)).mul(u.add(1f)).intoArray(gate, i);
    }
  }
}
