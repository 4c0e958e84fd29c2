package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/**
 * Plain loops over the blocks as the file holds them, spread over threads: one token row by row,
 * several in {@link ScalarPanel}s. Nothing is packed; {@code source} must live as long as the
 * weights are used.
 */
public final class ScalarKernels extends ExactKernels {
  private final ScalarPanel[] panels;

  public ScalarKernels(int threads) {
    super("scalar", threads);
    panels = new ScalarPanel[threads];
    Arrays.setAll(panels, i -> new ScalarPanel());
  }

  private record InPlace(TensorType type, MemorySegment source, int rows, int cols)
      implements PackedWeights {}

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    return new InPlace(type, source, rows, cols);
  }

  @Override
  protected void multiply(PackedWeights w, ExactActivations x, Floats out) {
    if (!(w instanceof InPlace weights)) {
      throw new TensorException(Fault.of("weights of another provider").got(w.type()));
    }
    Optional<CodeReader> reader = CodeReaders.of(w.type());
    if (reader.isPresent() && x.tokens() == 1) {
      int[] codes = new int[x.blockCols()];
      for (int k = 0; k < codes.length; k++) {
        codes[k] = (int) x.codes[k];
      }
      workers.run(
          w.rows(),
          1,
          (from, to, thread) ->
              ScalarRow.codes(reader.get(), weights.source, from, to, x, codes, out));
      return;
    }
    workers.run(
        w.rows(),
        1,
        (from, to, thread) -> {
          ScalarPanel panel = panels[thread];
          if (reader.isPresent()) {
            panel.codes(reader.get(), weights.source, from, to, w.rows(), x, out);
          } else {
            panel.floats(w.type(), weights.source, from, to, w.rows(), x, out);
          }
        });
  }
}
