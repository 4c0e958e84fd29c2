package dev.nearside.model.layer;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.Floats;
import org.jspecify.annotations.Nullable;

/**
 * The start of an encoder: token, position and segment, added in this order and normalised.
 *
 * @param positions {@code (contextLength, hidden)}, or null where a rotation tells positions
 * @param types one row per segment of an input, or null for models without
 */
public record EncoderEmbedding(
    Embedding tokens, @Nullable Embedding positions, @Nullable Embedding types, LayerNorm norm) {

  /**
   * Writes {@code count} rows of {@code out (count, hidden)}.
   *
   * @param ids token per row
   * @param places position per row
   * @param segments segment per row
   */
  void lookup(EncoderStep step, int[] ids, int[] places, int[] segments, Floats out) {
    int count = ids.length;
    Floats addend = step.workspace().branch();
    long values = (long) count * tokens.hidden();
    tokens.lookup(ids, count, out);
    if (types != null) {
      check("segment", segments, types);
      types.lookup(segments, count, addend);
      step.kernels().add(out, addend, values);
    }
    if (positions != null) {
      check("position", places, positions);
      positions.lookup(places, count, addend);
      step.kernels().add(out, addend, values);
    }
    norm.apply(step.kernels(), out, count, out);
  }

  private static void check(String what, int[] rows, Embedding table) {
    for (int row : rows) {
      if (row < 0 || row >= table.vocab()) {
        throw new ModelException(
            Fault.of("the model has no such " + what).got(row).expected("below " + table.vocab()));
      }
    }
  }
}
