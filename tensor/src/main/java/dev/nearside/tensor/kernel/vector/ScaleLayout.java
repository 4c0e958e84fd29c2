package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeReader;

/**
 * How a panel holds its scales: every entry is one value per row, lane by lane.
 *
 * <pre>
 *   HALF   for each block of 32:   scale f16 [, offset f16]
 *   SINGLE for each block of 32:   scale f32
 *   SUPER  for each block of 256:  scale f32 [, offset f32], then byte codes, two in a 16-bit word:
 *          scale and offset of a group, or without offsets the scales of groups 2i and 2i + 1
 * </pre>
 *
 * @param kind which of the three
 * @param hasOffset whether there are offsets
 * @param group columns that share a scale
 */
record ScaleLayout(Kind kind, boolean hasOffset, int group) {
  enum Kind {
    HALF,
    SINGLE,
    SUPER
  }

  static ScaleLayout of(CodeReader reader) {
    Kind kind =
        reader.type().blockElems() > 32
            ? Kind.SUPER
            : reader.type() == TensorType.MXFP4 ? Kind.SINGLE : Kind.HALF;
    return new ScaleLayout(kind, reader.hasOffset(), reader.group());
  }

  /** Bytes of a panel's scales. */
  long bytes(int cols) {
    return bytes(cols, Lanes.ROWS);
  }

  /** The same of a panel of so many rows. */
  long bytes(int cols, int rows) {
    long values = hasOffset ? 2L * rows : rows;
    return switch (kind) {
      case HALF -> cols / 32 * values * Short.BYTES;
      case SINGLE -> cols / 32 * values * Float.BYTES;
      case SUPER -> cols / 256 * values * (Float.BYTES + 256 / group);
    };
  }
}
