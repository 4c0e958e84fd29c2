package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Some rows of a weight matrix times the tokens. A piece of the rows is decoded once and lies
 * column by column, each column an array of its own: that is the shape of loop which the JVM's
 * compiler turns into vector instructions by itself. One thread's scratch memory.
 */
final class ScalarPanel {
  /** Rows at a time: 32 columns of a group fill half of a first-level cache. */
  private static final int ROWS = 128;

  /** Columns at a time: a multiple of every block. */
  private static final int PIECE = CodeBlock.MAX_ELEMS;

  private static final int MAX_GROUPS = PIECE / SpecRows.PIECE;

  private final CodeBlock block = new CodeBlock();
  private final byte[] codes = new byte[ROWS * PIECE];
  private final float[][] columns = new float[PIECE][ROWS];
  private final float[][] scales = new float[MAX_GROUPS][ROWS];
  private final float[][] offsets = new float[MAX_GROUPS][ROWS];
  private final float[] dots = new float[ROWS];
  private float[][] y = new float[0][];

  /** Rows {@code from … to - 1}, whose blocks are at {@code row * rowBytes} of {@code source}. */
  void codes(
      CodeReader reader,
      MemorySegment source,
      int from,
      int to,
      int allRows,
      ExactActivations x,
      Floats out) {
    int blockElems = reader.type().blockElems();
    long blockBytes = reader.type().blockBytes();
    long rowBytes = reader.type().bytes(x.cols());
    int step = evenStep(to - from);
    for (int first = from; first < to; first += step) {
      int rows = Math.min(step, to - first);
      clear(x.tokens(), rows);
      for (int col = 0; col < x.cols(); col += PIECE) {
        int cols = Math.min(PIECE, x.cols() - col);
        for (int r = 0; r < rows; r++) {
          readRow(reader, source, (first + r) * rowBytes + col / blockElems * blockBytes, cols, r);
        }
        transpose(cols, rows);
        for (int t = 0; t < x.tokens(); t++) {
          groups(reader, x, t, col, cols, rows);
        }
      }
      write(first, rows, allRows, x.tokens(), out);
    }
  }

  /** Rows {@code from … to - 1} of a matrix of floats, in order of the columns. */
  void floats(
      TensorType type,
      MemorySegment source,
      int from,
      int to,
      int allRows,
      ExactActivations x,
      Floats out) {
    int cols = x.cols();
    long rowBytes = type.bytes(cols);
    int step = evenStep(to - from);
    float[] row = new float[cols];
    float[][] all = new float[cols][];
    for (int first = from; first < to; first += step) {
      int rows = Math.min(step, to - first);
      clear(x.tokens(), rows);
      for (int k = 0; k < cols; k++) {
        all[k] = new float[rows];
      }
      for (int r = 0; r < rows; r++) {
        FloatRows.read(type, source, (first + r) * rowBytes, row, 0, cols);
        for (int k = 0; k < cols; k++) {
          all[k][r] = row[k];
        }
      }
      for (int t = 0; t < x.tokens(); t++) {
        ColumnLoops.add(all, 0, x.values, t * cols, cols, y[t], rows);
      }
      write(first, rows, allRows, x.tokens(), out);
    }
  }

  // Panels of about the same height: a low one is slow.
  private static int evenStep(int rows) {
    int panels = (rows + ROWS - 1) / ROWS;
    return Math.max(1, (rows + panels - 1) / Math.max(1, panels));
  }

  private void clear(int tokens, int rows) {
    if (y.length < tokens) {
      y = new float[tokens][ROWS];
    }
    for (int t = 0; t < tokens; t++) {
      Arrays.fill(y[t], 0, rows, 0f);
    }
  }

  private void write(int first, int rows, int allRows, int tokens, Floats out) {
    for (int t = 0; t < tokens; t++) {
      out.set((long) t * allRows + first, y[t], 0, rows);
    }
  }

  private void readRow(CodeReader reader, MemorySegment source, long at, int cols, int r) {
    int elems = reader.type().blockElems();
    int groups = elems / reader.group();
    for (int b = 0; b < cols / elems; b++) {
      reader.read(source, at + (long) b * reader.type().blockBytes(), block);
      System.arraycopy(block.codes, 0, codes, r * cols + b * elems, elems);
      for (int g = 0; g < groups; g++) {
        scales[b * groups + g][r] = block.scale(g);
        offsets[b * groups + g][r] = block.offset(g);
      }
    }
  }

  private void transpose(int cols, int rows) {
    for (int k = 0; k < cols; k++) {
      float[] column = columns[k];
      for (int r = 0; r < rows; r++) {
        column[r] = codes[r * cols + k];
      }
    }
  }

  private void groups(CodeReader reader, ExactActivations x, int t, int col, int cols, int rows) {
    int group = reader.group();
    int codesAt = t * x.blockCols() + col;
    for (int g = 0; g < cols / group; g++) {
      float d = x.scales[t * x.blocks() + (col + g * group) / SpecRows.BLOCK];
      Arrays.fill(dots, 0, rows, 0f);
      // Whole numbers below 2^24: exact, and the same in any order.
      ColumnLoops.add(columns, g * group, x.codes, codesAt + g * group, group, dots, rows);
      ColumnLoops.scale(dots, scales[g], d, y[t], rows);
      if (reader.hasOffset()) {
        int piece = t * x.blocks() * 2 + (col + g * group) / SpecRows.PIECE;
        float sum = group == SpecRows.PIECE ? x.sums[piece] : x.sums[piece] + x.sums[piece + 1];
        ColumnLoops.offset(sum, offsets[g], d, y[t], rows);
      }
    }
  }
}
