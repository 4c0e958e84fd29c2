package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.PackedWeights;

/**
 * What an adapter adds to one matrix product (Hu et al. 2021): {@code y = fma(B(Ax), s, y)}, with
 * {@code s} the request's scale times {@code factor}. A and B are products like all others, so that
 * a token's bits depend on itself alone.
 *
 * @param a {@code (rank, cols)}
 * @param b {@code (rows, rank)}
 * @param factor {@code alpha / rank}
 */
public record LowRank(PackedWeights a, PackedWeights b, float factor) {
  /**
   * Adds to some rows of {@code out (tokens, rows)}.
   *
   * @param x {@code (tokens, cols)}
   * @param rows which tokens, ascending
   * @param scales the request's scale of each of them
   */
  void addTo(
      Kernels kernels, Activations x, int[] rows, float[] scales, AdapterScratch s, Floats out) {
    int most = s.tokens(b.rows());
    for (int from = 0; from < rows.length; from += most) {
      int count = Math.min(most, rows.length - from);
      Activations input = x;
      if (count < x.tokens()) {
        input = s.input();
        kernels.gather(x, java.util.Arrays.copyOfRange(rows, from, from + count), count, input);
      }
      kernels.matmul(a, input, s.low());
      expand(kernels, count, s);
      join(kernels, rows, scales, from, count, s, out);
    }
  }

  /** {@code high = B low} for {@code count} rows. */
  void expand(Kernels kernels, int count, AdapterScratch s) {
    kernels.prepare(s.low(), count, b.cols(), s.middle());
    kernels.matmul(b, s.middle(), s.high());
  }

  /** Adds rows {@code from … from + count - 1}; neighbours of one scale at once. */
  void join(
      Kernels kernels,
      int[] rows,
      float[] scales,
      int from,
      int count,
      AdapterScratch s,
      Floats out) {
    long width = b.rows();
    int at = 0;
    while (at < count) {
      int first = from + at;
      int run = 1;
      while (at + run < count
          && rows[first + run] == rows[first] + run
          && scales[first + run] == scales[first]) {
        run++;
      }
      long values = run * width;
      kernels.addScaled(
          out.slice(rows[first] * width, values),
          s.high().slice(at * width, values),
          scales[first] * factor,
          values);
      at += run;
    }
  }

  /** Bytes of both matrices. */
  public long bytes() {
    return bytes(a) + bytes(b);
  }

  private static long bytes(PackedWeights w) {
    return w.type().bytes((long) w.rows() * w.cols());
  }
}
