package dev.nearside.model.layer;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/**
 * Token embeddings: rows decoded from the model file when they are needed.
 *
 * @param data {@code (vocab, hidden)} as the file holds it
 * @param format decoder of {@code data}
 */
public record Embedding(MemorySegment data, QuantFormat format, int vocab, int hidden) {
  /** Writes the embedding of each id as a row of {@code out (count, hidden)}. */
  public void lookup(int[] ids, int count, Floats out) {
    TensorType type = format.type();
    long rowBytes = type.bytes(hidden);
    float[] row = new float[hidden];
    for (int t = 0; t < count; t++) {
      int id = ids[t];
      if (id < 0 || id >= vocab) {
        throw new ModelException(
            Fault.of("token id is not in the vocabulary").got(id).expected("0 to " + (vocab - 1)));
      }
      format.decode(data, id * rowBytes, row, 0, hidden / type.blockElems());
      out.set((long) t * hidden, row, 0, hidden);
    }
  }
}
