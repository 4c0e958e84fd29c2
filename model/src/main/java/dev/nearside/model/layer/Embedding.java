package dev.nearside.model.layer;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.Floats;

/**
 * Token embeddings: rows decoded from the model file when they are needed.
 *
 * @param rows {@code (vocab, hidden)}
 * @param bytes their size in the model file
 */
public record Embedding(BlockRows rows, long bytes, int vocab, int hidden) {
  /** Writes the embedding of each id as a row of {@code out (count, hidden)}. */
  public void lookup(int[] ids, int count, Floats out) {
    float[] row = new float[hidden];
    for (int t = 0; t < count; t++) {
      int id = ids[t];
      if (id < 0 || id >= vocab) {
        throw new ModelException(
            Fault.of("token id is not in the vocabulary").got(id).expected("0 to " + (vocab - 1)));
      }
      rows.decode(id, row);
      out.set((long) t * hidden, row, 0, hidden);
    }
  }
}
