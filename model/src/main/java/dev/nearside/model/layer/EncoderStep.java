package dev.nearside.model.layer;

import dev.nearside.model.Pace;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.TokenRows;

/**
 * What every layer of an encoder needs of the texts that are being computed. Texts stand one after
 * the other, without padding between them.
 *
 * @param starts first token of each text, and the number of tokens
 * @param rows position of each token in its text
 * @param pace asked before each block
 */
public record EncoderStep(
    Kernels kernels, int[] starts, TokenRows rows, EncoderWorkspace workspace, Pace pace) {

  /** Work on some rows of a buffer. */
  @FunctionalInterface
  public interface Piece {
    /**
     * @param from first token
     * @param count tokens, at most the workspace's piece
     */
    void run(int from, int count);
  }

  /** A step over texts of these lengths. */
  public static EncoderStep of(
      Kernels kernels, int[] lengths, EncoderWorkspace workspace, Pace pace) {
    int[] starts = new int[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      starts[i + 1] = starts[i] + lengths[i];
    }
    int tokens = starts[lengths.length];
    int[] positions = new int[tokens];
    for (int i = 0; i < lengths.length; i++) {
      for (int p = 0; p < lengths[i]; p++) {
        positions[starts[i] + p] = p;
      }
    }
    TokenRows rows = new TokenRows(tokens, positions, new int[tokens], new int[][] {{}});
    return new EncoderStep(kernels, starts, rows, workspace, pace);
  }

  public int tokens() {
    return rows.count();
  }

  /**
   * Runs {@code work} over all tokens, piece by piece: what it costs in memory has an upper end.
   */
  public void inPieces(Piece work) {
    for (int from = 0; from < tokens(); from += workspace.piece()) {
      work.run(from, Math.min(workspace.piece(), tokens() - from));
    }
  }

  /** Rows {@code from … from + count - 1} of {@code x (tokens, width)}. */
  static Floats rows(Floats x, int from, int count, int width) {
    return x.slice((long) from * width, (long) count * width);
  }
}
