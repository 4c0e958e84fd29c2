package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * What a piece of a packed file holds: a matrix {@code (rows, cols)} of weights of this type.
 *
 * @param type before it was packed
 */
record PieceShape(TensorType type, int rows, int cols) {
  /** As a file has it. */
  String note() {
    return type.name() + " " + rows + " " + cols;
  }

  /**
   * @throws FormatException when this is no {@link #note}
   */
  static PieceShape of(String note) {
    String[] words = note.split(" ");
    try {
      if (words.length == 3) {
        return new PieceShape(
            TensorType.valueOf(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      }
    } catch (IllegalArgumentException e) {
      throw wrong(note, e);
    }
    throw wrong(note, null);
  }

  private static FormatException wrong(String note, @Nullable Throwable e) {
    return new FormatException(
        Fault.of("not the shape of packed weights").got(note).expected("type rows cols"), e);
  }

  /** Bytes of the matrix in a model file. */
  long bytes() {
    return type.bytes((long) rows * cols);
  }
}
