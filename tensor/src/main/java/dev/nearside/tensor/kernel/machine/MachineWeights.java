package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** Weights as routines read them: panels of {@link PanelFormat#ROWS} rows, one row a lane. */
sealed interface MachineWeights extends PackedWeights {
  /** Panels, the last one padded. */
  default int panels() {
    return PanelFormat.panels(rows());
  }

  /** Weights in panels: routines for one token, two, … */
  sealed interface Panels extends MachineWeights {
    MemorySegment data();

    List<Routine> routines();

    long panelBytes();

    @Override
    default Optional<MemorySegment> memory() {
      return Optional.of(data());
    }
  }

  /** Integer codes with scales. */
  record Codes(PanelFormat format, int rows, int cols, MemorySegment data, List<Routine> routines)
      implements Panels {
    @Override
    public TensorType type() {
      return format.reader().type();
    }

    @Override
    public long panelBytes() {
      return format.panelBytes(cols);
    }
  }

  /** Floats, column by column: see {@link FloatRoutine}. */
  record Rows(TensorType type, int rows, int cols, MemorySegment data, List<Routine> routines)
      implements Panels {
    @Override
    public long panelBytes() {
      return FloatRoutine.panelBytes(type, cols);
    }
  }

  /** Row-major blocks of the file, decoded to float32 panels when they are multiplied. */
  record Blocks(TensorType type, int rows, int cols, MemorySegment source, List<Routine> routines)
      implements MachineWeights {}
}
