package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;

/**
 * The specification of attention: per tile of 64 keys at absolute positions, merged in ascending
 * order. See docs/design/numerics.md.
 */
public final class SpecAttention {
  private static final int TILE = KvLayer.BLOCK;

  private SpecAttention() {}

  /** First position that a token at {@code position} sees. */
  public static int firstVisible(AttentionSpec spec, int position) {
    return spec.window() == 0 ? 0 : Math.max(0, position - spec.window() + 1);
  }

  /**
   * One query head over all tiles that it sees.
   *
   * @param table block numbers of the sequence
   * @param q the query, {@code headDim} values from {@code qAt}
   */
  public static void head(
      AttentionSpec spec,
      KvLayer kv,
      int[] table,
      int position,
      int head,
      float[] q,
      int qAt,
      float[] out,
      int outAt) {
    int kvHead = head / (spec.heads() / spec.kvHeads());
    int dim = spec.headDim();
    int low = firstVisible(spec, position);
    float[] probabilities = new float[TILE];
    float[] values = new float[dim];
    float[] merged = new float[dim];
    float mergedMax = 0;
    float mergedSum = 0;
    boolean isFirst = true;
    for (int tile = low / TILE; tile <= position / TILE; tile++) {
      int from = Math.max(low - tile * TILE, 0);
      int to = Math.min(position - tile * TILE, TILE - 1) + 1;
      long block = kv.headAt(table[tile], kvHead);
      float max = scores(spec, kv, block, q, qAt, from, to, probabilities);
      float sum = exponentials(probabilities, from, to, max);
      weightedValues(kv, block, dim, probabilities, from, to, values);
      if (isFirst) {
        mergedMax = max;
        mergedSum = sum;
        System.arraycopy(values, 0, merged, 0, dim);
        isFirst = false;
        continue;
      }
      float newMax = Math.max(mergedMax, max);
      float keep = SpecMath.exp(mergedMax - newMax);
      float take = SpecMath.exp(max - newMax);
      mergedSum = Math.fma(mergedSum, keep, sum * take);
      for (int i = 0; i < dim; i++) {
        merged[i] = Math.fma(merged[i], keep, values[i] * take);
      }
      mergedMax = newMax;
    }
    Floats sinks = spec.sinks();
    if (sinks != null) {
      float sink = sinks.get(head);
      float newMax = Math.max(mergedMax, sink);
      float keep = SpecMath.exp(mergedMax - newMax);
      mergedSum = Math.fma(mergedSum, keep, SpecMath.exp(sink - newMax));
      for (int i = 0; i < dim; i++) {
        merged[i] *= keep;
      }
    }
    for (int i = 0; i < dim; i++) {
      out[outAt + i] = merged[i] / mergedSum;
    }
  }

  /** Scores of keys {@code from … to - 1} of a tile; returns their maximum. */
  private static float scores(
      AttentionSpec spec,
      KvLayer kv,
      long block,
      float[] q,
      int qAt,
      int from,
      int to,
      float[] scores) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = from; j < to; j++) {
      float s = SpecKv.dot(kv, block, j, q, qAt);
      s *= spec.scale();
      if (spec.softCap() != 0) {
        s = SpecMath.softCap(s, spec.softCap());
      }
      scores[j] = s;
      max = Math.max(max, s);
    }
    return max;
  }

  /** Replaces scores by {@code exp(score - max)}; returns their sum over 16 lanes. */
  private static float exponentials(float[] scores, int from, int to, float max) {
    float[] lanes = new float[SpecLayers.LANES];
    for (int j = from; j < to; j++) {
      scores[j] = SpecMath.exp(scores[j] - max);
      lanes[j % SpecLayers.LANES] += scores[j];
    }
    return SpecLayers.tree(lanes);
  }

  private static void weightedValues(
      KvLayer kv, long block, int dim, float[] probabilities, int from, int to, float[] values) {
    for (int i = 0; i < dim; i++) {
      values[i] = SpecKv.weighted(kv, block, i, probabilities, from, to);
    }
  }
}
