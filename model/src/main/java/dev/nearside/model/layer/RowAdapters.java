package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters work on which rows of a product's input. A row's adapters work in the order of its
 * own list, whatever the other rows have.
 */
public final class RowAdapters {
  /** No adapter at all. */
  public static final RowAdapters NONE = new RowAdapters(List.of(), null);

  /**
   * One adapter's work on some rows.
   *
   * @param rows ascending
   * @param scales of these rows
   */
  public record Turn(Deltas deltas, int[] rows, float[] scales) {}

  private final List<Turn> turns;
  private final @Nullable AdapterScratch scratch;

  /**
   * @param turns in the order in which they are done
   */
  public RowAdapters(List<Turn> turns, @Nullable AdapterScratch scratch) {
    this.turns = List.copyOf(turns);
    this.scratch = scratch;
  }

  /** The adapters of chosen rows: row {@code i} of a new input is row {@code chosen[i]} of this. */
  RowAdapters of(int[] chosen, int count) {
    if (turns.isEmpty()) {
      return this;
    }
    List<Turn> out = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      int[] rows = new int[count];
      float[] scales = new float[count];
      int n = 0;
      for (int i = 0; i < count; i++) {
        int at = Arrays.binarySearch(turn.rows, chosen[i]);
        if (at >= 0) {
          rows[n] = i;
          scales[n++] = turn.scales[at];
        }
      }
      if (n > 0) {
        out.add(new Turn(turn.deltas, Arrays.copyOf(rows, n), Arrays.copyOf(scales, n)));
      }
    }
    return new RowAdapters(out, scratch);
  }

  /** Adds what the adapters add to the product at {@code place} with input {@code x}. */
  void addTo(Kernels kernels, Place place, Activations x, Floats out) {
    for (Turn turn : turns) {
      LowRank delta = turn.deltas.at(place);
      if (delta != null && scratch != null) {
        delta.addTo(kernels, x, turn.rows, turn.scales, scratch, out);
      }
    }
  }

  /** Adds what the adapters add to the embeddings of {@code ids}. */
  void addToEmbeddings(Kernels kernels, int[] ids, Floats out) {
    for (Turn turn : turns) {
      LowRankEmbedding delta = turn.deltas.embedding();
      if (delta != null && scratch != null) {
        delta.addTo(kernels, ids, turn.rows, turn.scales, scratch, out);
      }
    }
  }
}
