package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.EncoderLoops;
import dev.nearside.tensor.kernel.SpecEncoder;
import dev.nearside.tensor.kernel.SpecLayers;
import dev.nearside.tensor.kernel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The loops of encoders on the Vector API. */
final class VectorEncoder extends EncoderLoops {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;
  private static final int WIDTH = Lanes.WIDTH;
  private static final int LANES = SpecLayers.LANES;
  private static final float[] ONES = new float[CHUNK];

  static {
    Arrays.fill(ONES, 1f);
  }

  VectorEncoder(Workers workers) {
    super(workers);
  }

  @Override
  protected void layerNorm(
      float[] x, float[] weight, float @Nullable [] bias, float eps, int dim, float[] lanes) {
    int whole = dim / LANES * LANES;
    for (int i = 0; i < LANES; i += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = i; k < whole; k += LANES) {
        sum = sum.add(FloatVector.fromArray(F, x, k));
      }
      sum.intoArray(lanes, i);
    }
    for (int k = whole; k < dim; k++) {
      lanes[k - whole] += x[k];
    }
    float mean = SpecLayers.tree(lanes) / dim;
    for (int i = 0; i < LANES; i += WIDTH) {
      FloatVector sum = FloatVector.zero(F);
      for (int k = i; k < whole; k += LANES) {
        FloatVector d = FloatVector.fromArray(F, x, k).sub(mean);
        sum = d.fma(d, sum);
      }
      sum.intoArray(lanes, i);
    }
    for (int k = whole; k < dim; k++) {
      lanes[k - whole] = Math.fma(x[k] - mean, x[k] - mean, lanes[k - whole]);
    }
    float factor = SpecLayers.rmsFactor(lanes, eps, dim);
    for (int k = 0; k < whole; k += WIDTH) {
      FloatVector normed = FloatVector.fromArray(F, x, k).sub(mean).mul(factor);
      FloatVector w = FloatVector.fromArray(F, weight, k);
      (bias == null ? normed.mul(w) : normed.fma(w, FloatVector.fromArray(F, bias, k)))
          .intoArray(x, k);
    }
    for (int k = whole; k < dim; k++) {
      float normed = (x[k] - mean) * factor;
      x[k] = bias == null ? normed * weight[k] : Math.fma(normed, weight[k], bias[k]);
    }
  }

  @Override
  protected void activate(Activation act, float[] x, float[] work, int count) {
    switch (act) {
      case GELU -> gelu(x, work, count);
      case GELU_TANH -> VectorMath.geluTanh(x, ONES, work, count);
      case SILU -> VectorMath.silu(x, ONES, work, count);
      case RELU -> {
        for (int i = 0; i < count; i += WIDTH) {
          FloatVector.fromArray(F, x, i).max(0f).intoArray(x, i);
        }
      }
      case TANH -> VectorMath.softCap(x, work, count, 1f); // dividing by one changes nothing
    }
  }

  /** {@link SpecEncoder#gelu} in place; {@code e} is scratch. */
  static void gelu(float[] x, float[] e, int count) {
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector t = FloatVector.fromArray(F, x, i).abs().mul(SpecEncoder.SQRT_HALF);
      t.mul(t).neg().intoArray(e, i);
    }
    VectorMath.exp(e, count, 0f);
    for (int i = 0; i < count; i += WIDTH) {
      FloatVector v = FloatVector.fromArray(F, x, i);
      FloatVector one = FloatVector.broadcast(F, 1f);
      FloatVector t = v.abs().mul(SpecEncoder.SQRT_HALF);
      FloatVector u = one.div(t.fma(FloatVector.broadcast(F, SpecEncoder.ERFC_MAP), one));
      FloatVector p = FloatVector.broadcast(F, SpecEncoder.ERFC_9);
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_8));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_7));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_6));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_5));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_4));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_3));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_2));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_1));
      p = p.fma(u, FloatVector.broadcast(F, SpecEncoder.ERFC_0));
      FloatVector h = FloatVector.fromArray(F, e, i).mul(p.mul(u));
      v.neg().fma(h, v).blend(v.mul(h), v.lt(0f)).intoArray(x, i);
    }
  }

  @Override
  protected void scores(float[] q, int at, int dim, float[] keys, float scale, float[] scores) {
    AttentionTiles.scores(q, at, dim, keys, scale, scores);
  }

  @Override
  protected float max(float[] scores) {
    return VectorLayers.max(scores, TILE);
  }

  @Override
  protected float exponentials(float[] scores, float max, float[] lanes) {
    return VectorLayers.exponentials(scores, TILE, max, lanes);
  }

  @Override
  protected void weighted(float[] p, int from, int to, float[] values, int dim, float[] out) {
    AttentionTiles.values(p, from, to, values, dim, out);
  }

  @Override
  protected void merge(float[] merged, int at, float keep, float[] values, float take, int dim) {
    AttentionTiles.merge(merged, at, keep, values, take, dim);
  }
}
