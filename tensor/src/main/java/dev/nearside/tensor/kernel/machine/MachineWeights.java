package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * Weights in panels.
 *
 * @param routines of the format: for one token, two, …
 */
record MachineWeights(
    PanelFormat format, int rows, int cols, MemorySegment data, List<Routine> routines)
    implements PackedWeights {
  int panels() {
    return PanelFormat.panels(rows);
  }

  @Override
  public TensorType type() {
    return format.reader().type();
  }

  @Override
  public Optional<MemorySegment> memory() {
    return Optional.of(data);
  }
}
