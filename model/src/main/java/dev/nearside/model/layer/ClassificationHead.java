package dev.nearside.model.layer;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Scores of a pooled state: {@code out(norm(act(dense(x))))}.
 *
 * @param dense {@code (hidden, hidden)}, or null for a head of one matrix
 * @param activation after {@code dense}
 * @param norm after the activation, or null
 * @param out {@code (labels, hidden)}
 */
public record ClassificationHead(
    @Nullable Linear dense, Activation activation, @Nullable LayerNorm norm, Linear out) {

  /** Scores per label, before any softmax or sigmoid. */
  public int labels() {
    return out.rows();
  }

  /** {@code labels} scores of one pooled state of {@code hidden} values. */
  public float[] apply(Kernels kernels, float[] pooled) {
    int hidden = out.cols();
    try (Arena arena = Arena.ofShared()) { // the kernels' threads read it
      Activations input = kernels.newActivations(1, hidden, arena);
      Floats x = Floats.copyOf(arena, pooled);
      if (dense != null) {
        Floats y = Floats.allocate(arena, hidden);
        kernels.prepare(x, 1, hidden, input);
        dense.apply(kernels, input, y);
        kernels.encoder().activate(activation, y, hidden);
        if (norm != null) {
          norm.apply(kernels, y, 1, y);
        }
        x = y;
      }
      Floats scores = Floats.allocate(arena, labels());
      kernels.prepare(x, 1, hidden, input);
      out.apply(kernels, input, scores);
      return scores.toArray();
    }
  }
}
