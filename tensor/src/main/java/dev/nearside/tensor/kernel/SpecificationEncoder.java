package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import org.jspecify.annotations.Nullable;

/** {@link SpecEncoder} token by token: what {@link EncoderLoops} is compared with. */
final class SpecificationEncoder implements EncoderKernels {
  private final Workers workers;

  SpecificationEncoder(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void layerNorm(
      Floats x, Floats weight, @Nullable Floats bias, float eps, int rows, int dim, Floats out) {
    float[] factors = head(weight, dim);
    float[] shifts = bias == null ? null : head(bias, dim);
    float[] row = new float[dim];
    for (int r = 0; r < rows; r++) {
      x.get((long) r * dim, row, 0, dim);
      SpecEncoder.layerNorm(row, 0, factors, shifts, eps, dim, row, 0);
      out.set((long) r * dim, row, 0, dim);
    }
  }

  @Override
  public void activate(Activation act, Floats x, long count) {
    for (long i = 0; i < count; i++) {
      x.set(i, SpecEncoder.activate(act, x.get(i)));
    }
  }

  @Override
  public void attention(EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out) {
    for (int s = 0; s + 1 < starts.length; s++) {
      int first = starts[s];
      int length = starts[s + 1] - first;
      workers.run(
          spec.heads(),
          1,
          (from, to, thread) -> {
            for (int h = from; h < to; h++) {
              heads(spec, first, length, h, q, k, v, out);
            }
          });
    }
  }

  private static void heads(
      EncoderSpec spec, int first, int length, int h, Floats q, Floats k, Floats v, Floats out) {
    int dim = spec.headDim();
    float[] keys = column(spec, k, first, length, h);
    float[] values = column(spec, v, first, length, h);
    float[] query = new float[dim];
    float[] result = new float[dim];
    for (int p = 0; p < length; p++) {
      long at = (long) (first + p) * spec.width() + (long) h * dim;
      q.get(at, query, 0, dim);
      SpecEncoder.head(spec, p, length, query, keys, values, result);
      out.set(at, result, 0, dim);
    }
  }

  private static float[] column(EncoderSpec spec, Floats x, int first, int length, int h) {
    int dim = spec.headDim();
    float[] out = new float[length * dim];
    for (int p = 0; p < length; p++) {
      x.get((long) (first + p) * spec.width() + (long) h * dim, out, p * dim, dim);
    }
    return out;
  }

  private static float[] head(Floats x, int count) {
    float[] out = new float[count];
    x.get(0, out, 0, count);
    return out;
  }
}
