package dev.nearside.tensor.kernel.vector;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.ExactKernels;
import dev.nearside.tensor.kernel.PackedWeights;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Plain loops over the packed weights of {@link VectorKernels}, which stand in for those at start.
 */
public final class PanelKernels extends ExactKernels {
  private final PanelLoops[] loops;

  public PanelKernels(int threads) {
    super("panel", threads);
    loops = new PanelLoops[threads];
    Arrays.setAll(loops, i -> new PanelLoops());
  }

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    return Packer.pack(type, source, rows, cols, arena, workers);
  }

  @Override
  protected void multiply(PackedWeights w, ExactActivations x, Floats out) {
    if (!(w instanceof VectorWeights weights)) {
      throw new TensorException(Fault.of("weights of another provider").got(w.type()));
    }
    workers.run(
        weights.panels(),
        1,
        (from, to, thread) -> loops[thread].multiply(weights, x, out, from, to));
  }
}
