package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.PackedWeights;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Weights as the vector kernels read them: panels of {@link Lanes#ROWS} rows, one row a lane. */
sealed interface VectorWeights extends PackedWeights {
  /** Panels, the last one padded with zero rows. */
  default int panels() {
    return (rows() + Lanes.ROWS - 1) / Lanes.ROWS;
  }

  /**
   * Integer codes with scales. A panel is its scales, then its codes.
   *
   * @param data all panels
   * @param layout where a code's bits stand
   * @param scales how scales are held
   * @param zero what stored codes were lowered by: the true code is {@code stored + zero}
   * @param group columns that share a scale, 32 or 16
   */
  record Codes(
      TensorType type,
      int rows,
      int cols,
      MemorySegment data,
      CodeLayout layout,
      ScaleLayout scales,
      int zero,
      int group)
      implements VectorWeights {
    long codesAt(int panel) {
      return panel * panelBytes() + scales.bytes(cols);
    }

    long scalesAt(int panel) {
      return panel * panelBytes();
    }

    /** Bytes of the codes of 32 columns of a panel. */
    long blockBytes() {
      return (long) layout.words * Integer.BYTES * Lanes.ROWS;
    }

    private long panelBytes() {
      return scales.bytes(cols) + cols / 32 * blockBytes();
    }

    static long bytes(int rows, int cols, CodeLayout layout, ScaleLayout scales) {
      long panel = scales.bytes(cols) + (long) cols / 32 * layout.words * 4 * Lanes.ROWS;
      return panel * ((rows + Lanes.ROWS - 1) / Lanes.ROWS);
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.of(data);
    }
  }

  /**
   * Floats, column by column. F32: a float per row; F16 and BF16: a word per row that holds two
   * columns, the even one in its low half.
   */
  record Plain(TensorType type, int rows, int cols, MemorySegment data) implements VectorWeights {
    long at(int panel) {
      return panel * panelBytes(type, cols);
    }

    static long panelBytes(TensorType type, int cols) {
      long words = type == TensorType.F32 ? cols : (cols + 1) / 2;
      return words * Integer.BYTES * Lanes.ROWS;
    }

    @Override
    public Optional<MemorySegment> memory() {
      return Optional.of(data);
    }
  }

  /** Row-major blocks of the file, decoded when they are multiplied. */
  record InPlace(TensorType type, int rows, int cols, MemorySegment source)
      implements VectorWeights {}
}
