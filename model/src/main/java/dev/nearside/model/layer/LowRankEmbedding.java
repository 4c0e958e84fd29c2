package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;

/**
 * What an adapter adds to token embeddings: {@code fma(B a[id], s, embedding)}.
 *
 * @param a {@code (vocab, rank)}: a row per token
 * @param delta only its B {@code (hidden, rank)} and its factor are used
 */
public record LowRankEmbedding(Embedding a, LowRank delta) {
  /**
   * Adds to some rows of {@code out (tokens, hidden)}.
   *
   * @param ids of all tokens
   */
  void addTo(Kernels kernels, int[] ids, int[] rows, float[] scales, AdapterScratch s, Floats out) {
    int most = s.tokens(delta.b().rows());
    for (int from = 0; from < rows.length; from += most) {
      int count = Math.min(most, rows.length - from);
      int[] chosen = new int[count];
      for (int i = 0; i < count; i++) {
        chosen[i] = ids[rows[from + i]];
      }
      a.lookup(chosen, count, s.low());
      delta.expand(kernels, count, s);
      delta.join(kernels, rows, scales, from, count, s, out);
    }
  }
}
