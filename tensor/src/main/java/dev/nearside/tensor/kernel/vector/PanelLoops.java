package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.ColumnLoops;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.FloatRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Panels of weights times tokens in plain loops, without the Vector API: some panels at a time are
 * decoded to columns of floats. One thread's scratch memory.
 */
final class PanelLoops {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int ROWS = Lanes.ROWS;

  /** Rows at a time: 32 columns of them fill a first-level cache. */
  private static final int HEIGHT = Math.max(ROWS, 256);

  /** Columns at a time: a multiple of every block. */
  private static final int PIECE = 256;

  private final int[][] words = new int[8][HEIGHT];
  private final int[] rest = new int[HEIGHT];
  private final short[] halves = new short[2 * ROWS];
  private final float[] singles = new float[2 * ROWS];
  private final float[][] columns = new float[PIECE][HEIGHT];
  private final float[][] scales = new float[PIECE / 16][HEIGHT];
  private final float[][] offsets = new float[PIECE / 16][HEIGHT];
  private final float[] dots = new float[HEIGHT];
  private float[] row = new float[0];
  private float[][] y = new float[0][];

  /** Panels {@code from … to - 1}. */
  void multiply(VectorWeights w, ExactActivations x, Floats out, int from, int to) {
    // About the same height each time: few rows at a time are slow.
    int most = HEIGHT / ROWS;
    int rounds = (to - from + most - 1) / most;
    int step = rounds == 0 ? 1 : (to - from + rounds - 1) / rounds;
    for (int first = from; first < to; first += step) {
      int panels = Math.min(step, to - first);
      clear(x.tokens(), panels * ROWS);
      for (int col = 0; col < w.cols(); col += PIECE) {
        int cols = Math.min(PIECE, w.cols() - col);
        switch (w) {
          case VectorWeights.Codes codes -> codes(codes, x, first, panels, col, cols);
          case VectorWeights.Plain plain -> {
            for (int p = 0; p < panels; p++) {
              floats(plain, first + p, col, cols, p * ROWS);
            }
            addValues(x, col, cols, panels * ROWS);
          }
          case VectorWeights.InPlace rows -> {
            blocks(rows, first * ROWS, panels * ROWS, col, cols);
            addValues(x, col, cols, panels * ROWS);
          }
        }
      }
      int rows = Math.min(panels * ROWS, w.rows() - first * ROWS);
      for (int t = 0; t < x.tokens(); t++) {
        out.set((long) t * w.rows() + (long) first * ROWS, y[t], 0, rows);
      }
    }
  }

  private void clear(int tokens, int rows) {
    if (y.length < tokens) {
      y = new float[tokens][HEIGHT];
    }
    for (int t = 0; t < tokens; t++) {
      Arrays.fill(y[t], 0, rows, 0f);
    }
  }

  private void addValues(ExactActivations x, int col, int cols, int rows) {
    for (int t = 0; t < x.tokens(); t++) {
      ColumnLoops.add(columns, 0, x.values, t * x.cols() + col, cols, y[t], rows);
    }
  }

  private void codes(
      VectorWeights.Codes w, ExactActivations x, int first, int panels, int col, int cols) {
    for (int p = 0; p < panels; p++) {
      scales(w, first + p, col, cols, p * ROWS);
    }
    for (int block = 0; block < cols / 32; block++) {
      for (int p = 0; p < panels; p++) {
        long at = w.codesAt(first + p) + (col / 32 + block) * w.blockBytes();
        for (int i = 0; i < w.layout().words; i++) {
          MemorySegment.copy(w.data(), INT, at + 4L * i * ROWS, words[i], p * ROWS, ROWS);
        }
      }
      block(w, block * 32, panels * ROWS);
    }
    for (int t = 0; t < x.tokens(); t++) {
      groups(w, x, t, col, cols, panels * ROWS);
    }
  }

  private void groups(
      VectorWeights.Codes w, ExactActivations x, int t, int col, int cols, int rows) {
    int group = w.group();
    boolean hasOffset = w.scales().hasOffset();
    for (int g = 0; g < cols / group; g++) {
      int k = col + g * group;
      float d = x.scales[t * x.blocks() + k / 32];
      Arrays.fill(dots, 0, rows, 0f);
      // Whole numbers below 2^24: exact, and the same in any order.
      ColumnLoops.add(columns, g * group, x.codes, t * x.blockCols() + k, group, dots, rows);
      ColumnLoops.scale(dots, scales[g], d, y[t], rows);
      if (hasOffset) {
        int piece = t * x.blocks() * 2 + k / 16;
        float sum = group == 16 ? x.sums[piece] : x.sums[piece] + x.sums[piece + 1];
        ColumnLoops.offset(sum, offsets[g], d, y[t], rows);
      }
    }
  }

  /** The 32 columns from {@code col} of panels whose words were read. */
  private void block(VectorWeights.Codes w, int col, int rows) {
    switch (w.layout()) {
      case NIBBLES -> fields(0, 4, 8, 4, w.zero(), col, rows);
      case BYTES -> fields(0, 8, 4, 8, w.zero(), col, rows);
      case FIVES -> {
        fields(0, 5, 6, 5, w.zero(), col, rows);
        tops(0, 5, rows);
        field(rest, 0, 31, w.zero(), columns[col + 30], rows);
        field(rest, 5, 31, w.zero(), columns[col + 31], rows);
      }
      case SIXES -> {
        for (int half = 0; half < 2; half++) {
          fields(half * 3, 3, 5, 6, w.zero(), col + half * 16, rows);
          tops(half * 3, 3, rows);
          field(rest, 0, 63, w.zero(), columns[col + half * 16 + 15], rows);
        }
      }
    }
  }

  private void fields(int from, int count, int perWord, int bits, int zero, int col, int rows) {
    int mask = (1 << bits) - 1;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < perWord; j++) {
        field(words[from + i], bits * j, mask, zero, columns[col + i * perWord + j], rows);
      }
    }
  }

  private static void field(int[] words, int shift, int mask, int zero, float[] column, int rows) {
    for (int r = 0; r < rows; r++) {
      column[r] = ((words[r] >>> shift) & mask) + zero;
    }
  }

  /** The top two bits of some words, the first word's lowest. */
  private void tops(int from, int count, int rows) {
    Arrays.fill(rest, 0, rows, 0);
    for (int i = 0; i < count; i++) {
      int[] word = words[from + i];
      for (int r = 0; r < rows; r++) {
        rest[r] |= (word[r] >>> 30) << (2 * i);
      }
    }
  }

  private void scales(VectorWeights.Codes w, int panel, int col, int cols, int at) {
    boolean hasOffset = w.scales().hasOffset();
    long from = w.scalesAt(panel) + w.scales().bytes(col);
    int step = hasOffset ? 2 * ROWS : ROWS;
    switch (w.scales().kind()) {
      case HALF -> {
        for (int b = 0; b < cols / 32; b++) {
          MemorySegment.copy(w.data(), SHORT, from + 2L * b * step, halves, 0, step);
          half(halves, 0, scales[b], at);
          if (hasOffset) {
            half(halves, ROWS, offsets[b], at);
          }
        }
      }
      case SINGLE -> {
        for (int b = 0; b < cols / 32; b++) {
          MemorySegment.copy(w.data(), Floats.LAYOUT, from + 4L * b * ROWS, scales[b], at, ROWS);
        }
      }
      case SUPER -> {
        for (int b = 0; b < cols / 256; b++) {
          superBlock(w, from + b * w.scales().bytes(256), b * 256 / w.group(), at);
        }
      }
    }
  }

  private static void half(short[] from, int first, float[] to, int at) {
    for (int r = 0; r < ROWS; r++) {
      to[at + r] = Float.float16ToFloat(from[first + r]);
    }
  }

  private void superBlock(VectorWeights.Codes w, long from, int group, int at) {
    boolean hasOffset = w.scales().hasOffset();
    int step = hasOffset ? 2 * ROWS : ROWS;
    MemorySegment.copy(w.data(), Floats.LAYOUT, from, singles, 0, step);
    long next = from + 4L * step;
    int groups = 256 / w.group();
    for (int i = 0; i < (hasOffset ? groups : groups / 2); i++) {
      MemorySegment.copy(w.data(), SHORT, next + 2L * i * ROWS, halves, 0, ROWS);
      float[] low = scales[group + (hasOffset ? i : 2 * i)];
      float[] high = hasOffset ? offsets[group + i] : scales[group + 2 * i + 1];
      int highAt = hasOffset ? ROWS : 0;
      for (int r = 0; r < ROWS; r++) {
        low[at + r] = singles[r] * (byte) halves[r];
        high[at + r] = singles[highAt + r] * (halves[r] >> 8);
      }
    }
  }

  private void floats(VectorWeights.Plain w, int panel, int col, int cols, int at) {
    boolean isSingle = w.type() == TensorType.F32;
    for (int k = 0; k < cols; k++) {
      long word = isSingle ? col + k : (col + k) / 2;
      MemorySegment.copy(w.data(), INT, w.at(panel) + 4L * ROWS * word, words[0], 0, ROWS);
      int[] lanes = words[0];
      float[] column = columns[k];
      int shift = (col + k) % 2 * 16;
      switch (w.type()) {
        case F32 -> {
          for (int r = 0; r < ROWS; r++) {
            column[at + r] = Float.intBitsToFloat(lanes[r]);
          }
        }
        case BF16 -> {
          for (int r = 0; r < ROWS; r++) {
            column[at + r] = Float.intBitsToFloat(lanes[r] >>> shift << 16);
          }
        }
        default -> {
          for (int r = 0; r < ROWS; r++) {
            column[at + r] = Float.float16ToFloat((short) (lanes[r] >>> shift));
          }
        }
      }
    }
  }

  private void blocks(VectorWeights.InPlace w, int first, int rows, int col, int cols) {
    if (row.length < cols) {
      row = new float[PIECE];
    }
    int count = Math.min(rows, w.rows() - first);
    for (int r = 0; r < count; r++) {
      long at = (long) (first + r) * w.type().bytes(w.cols()) + w.type().bytes(col);
      FloatRows.read(w.type(), w.source(), at, row, 0, cols);
      for (int k = 0; k < cols; k++) {
        columns[k][r] = row[k];
      }
    }
  }
}
