package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.FloatRows;
import dev.nearside.tensor.kernel.SpecRows;
import dev.nearside.tensor.kernel.Workers;
import java.util.EnumMap;
import java.util.Map;

/**
 * Weights times activations. One token: each panel's dots straight from its packed codes. Several:
 * a piece of a panel is decoded once and all token tiles run over it.
 */
final class Products {
  private static final int ROWS = Lanes.ROWS;

  /** Columns of a decoded piece: 16 KiB, half of a first-level cache. */
  private static final int PIECE = 2048 / Lanes.WIDTH;

  private static final Map<CodeLayout, float[]> FACTORS = factors();

  private final Workers workers;
  private final Scratch[] scratches;
  private final TokenTiles codeTiles = new TokenTiles(true);
  private final TokenTiles valueTiles = new TokenTiles(false);

  /** For one token: its codes, times the powers of two that a layout asks for. */
  private float[] shifted = new float[0];

  /** For one token: per group, the lowest code times the sum of its codes. */
  private float[] zeros = new float[0];

  /** One thread's arrays. They grow and stay. */
  private static final class Scratch {
    final float[] panel = new float[(PIECE + 1) * ROWS];
    float[] scales = new float[0];
    float[] offsets = new float[0];
    float[] dots = new float[0];
    float[] y = new float[ROWS];
    float[] row = new float[0];

    void room(int groups, boolean hasOffset) {
      int size = groups * ROWS;
      if (scales.length < size) {
        scales = new float[size];
        dots = new float[size];
      }
      if (hasOffset && offsets.length < size) {
        offsets = new float[size];
      }
    }

    void roomForTokens(int tokens) {
      if (y.length < tokens * ROWS) {
        y = new float[tokens * ROWS];
      }
    }
  }

  Products(Workers workers) {
    this.workers = workers;
    this.scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  private static Map<CodeLayout, float[]> factors() {
    Map<CodeLayout, float[]> map = new EnumMap<>(CodeLayout.class);
    for (CodeLayout layout : CodeLayout.values()) {
      map.put(layout, layout.factors());
    }
    return map;
  }

  void multiply(VectorWeights weights, ExactActivations x, Floats out) {
    switch (weights) {
      case VectorWeights.Codes w when x.tokens() == 1 -> decodeCodes(w, x, out);
      case VectorWeights.Codes w when TokenTiles.isFew(x.tokens()) -> {
        codeTiles.hold(x, workers);
        SmallTiles.Input in = SmallTiles.Input.of(w);
        workers.run(
            w.panels(),
            1,
            (from, to, thread) -> fewCodes(in, w, x, out, from, to, scratches[thread]));
      }
      case VectorWeights.Codes w -> {
        codeTiles.hold(x, workers);
        workers.run(
            w.panels(), 1, (from, to, thread) -> tileCodes(w, x, out, from, to, scratches[thread]));
      }
      case VectorWeights.Plain w when x.tokens() == 1 ->
          workers.run(
              w.panels(),
              1,
              (from, to, thread) -> decodePlain(w, x, out, from, to, scratches[thread]));
      case VectorWeights.Plain w -> {
        valueTiles.hold(x, workers);
        workers.run(
            w.panels(), 1, (from, to, thread) -> tilePlain(w, x, out, from, to, scratches[thread]));
      }
      case VectorWeights.InPlace w -> {
        valueTiles.hold(x, workers);
        workers.run(
            w.panels(),
            1,
            (from, to, thread) -> tileInPlace(w, x, out, from, to, scratches[thread]));
      }
    }
  }

  private void decodeCodes(VectorWeights.Codes w, ExactActivations x, Floats out) {
    int cols = w.cols();
    if (shifted.length < cols) {
      shifted = new float[cols];
      zeros = new float[cols / SpecRows.PIECE];
    }
    float[] factors = FACTORS.getOrDefault(w.layout(), new float[0]);
    float[] codes = shifted;
    for (int block = 0; block < cols; block += 32) {
      for (int k = 0; k < 32; k++) {
        codes[block + k] = x.codes[block + k] * factors[k];
      }
    }
    int pieces = w.group() / SpecRows.PIECE;
    for (int g = 0; g < cols / w.group(); g++) {
      float sum = pieces == 1 ? x.sums[g] : x.sums[2 * g] + x.sums[2 * g + 1];
      zeros[g] = w.zero() * sum + 0f; // + 0: never minus zero
    }
    workers.run(
        w.panels(),
        1,
        (from, to, thread) -> {
          Scratch s = scratches[thread];
          s.room(cols / w.group(), w.scales().hasOffset());
          for (int panel = from; panel < to; panel++) {
            decodePanel(w, panel, x, s);
            write(s.y, 0, panel, w.rows(), out, 0);
          }
        });
  }

  private void decodePanel(VectorWeights.Codes w, int panel, ExactActivations x, Scratch s) {
    float[] codes = shifted;
    PanelScales.decode(w, panel, s.scales, s.offsets); // first: memory is read in its order
    long at = w.codesAt(panel);
    int groups = w.cols() / w.group();
    switch (w.layout()) {
      case NIBBLES -> CodeDots.nibbles(w.data(), at, groups, w.group() / 8, codes, zeros, s.dots);
      case FIVES -> CodeDots.fives(w.data(), at, groups, codes, zeros, s.dots);
      case SIXES -> CodeDots.sixes(w.data(), at, groups, codes, zeros, s.dots);
      case BYTES -> CodeDots.bytes(w.data(), at, groups, codes, x.sums, w.zero(), s.dots);
    }
    if (w.scales().hasOffset()) {
      DotScaling.scaleWithOffsets(
          s.dots, s.scales, s.offsets, x.scales, x.sums, groups, w.group(), s.y);
    } else {
      DotScaling.scale(s.dots, s.scales, x.scales, groups, w.group(), s.y);
    }
  }

  private static void decodePlain(
      VectorWeights.Plain w, ExactActivations x, Floats out, int from, int to, Scratch s) {
    for (int panel = from; panel < to; panel++) {
      long at = w.at(panel);
      switch (w.type()) {
        case F32 -> PlainDots.singles(w.data(), at, w.cols(), x.values, s.y);
        case BF16 -> PlainDots.brains(w.data(), at, w.cols(), x.values, s.y);
        default -> PlainDots.halves(w.data(), at, w.cols(), x.values, s.y);
      }
      write(s.y, 0, panel, w.rows(), out, 0);
    }
  }

  private void fewCodes(
      SmallTiles.Input in,
      VectorWeights.Codes w,
      ExactActivations x,
      Floats out,
      int from,
      int to,
      Scratch s) {
    s.room(in.groups(), in.hasOffset());
    s.roomForTokens(codeTiles.padded());
    float[] v = codeTiles.x;
    float[] d = codeTiles.d;
    float[] sums = codeTiles.sums;
    for (int panel = from; panel < to; panel++) {
      java.util.Arrays.fill(s.y, 0, codeTiles.padded() * ROWS, 0f);
      PanelScales.decode(w, panel, s.scales, s.offsets);
      long at = w.codesAt(panel);
      for (int tile = 0; tile < codeTiles.count(); tile++) {
        int start = codeTiles.start(tile);
        int xAt = start * w.cols();
        int dAt = start * x.blocks();
        int sumsAt = dAt * 2;
        int yAt = start * ROWS;
        switch (codeTiles.size(tile)) {
          case 8 ->
              SmallTiles.codes8(
                  in, w.data(), at, s.scales, s.offsets, v, xAt, d, dAt, sums, sumsAt, s.y, yAt);
          case 4 ->
              SmallTiles.codes4(
                  in, w.data(), at, s.scales, s.offsets, v, xAt, d, dAt, sums, sumsAt, s.y, yAt);
          default ->
              SmallTiles.codes2(
                  in, w.data(), at, s.scales, s.offsets, v, xAt, d, dAt, sums, sumsAt, s.y, yAt);
        }
      }
      writeTokens(s.y, panel, w.rows(), x.tokens(), out);
    }
  }

  private void tileCodes(
      VectorWeights.Codes w, ExactActivations x, Floats out, int from, int to, Scratch s) {
    int group = w.group();
    boolean hasOffset = w.scales().hasOffset();
    s.room(w.cols() / group, hasOffset);
    s.roomForTokens(codeTiles.padded());
    for (int panel = from; panel < to; panel++) {
      java.util.Arrays.fill(s.y, 0, codeTiles.padded() * ROWS, 0f);
      PanelScales.decode(w, panel, s.scales, s.offsets);
      for (int first = 0; first < w.cols(); first += PIECE) {
        int cols = Math.min(PIECE, w.cols() - first);
        PanelCodes.decode(w, w.codesAt(panel) + first / 32 * w.blockBytes(), cols / 32, s.panel);
        for (int tile = 0; tile < codeTiles.count(); tile++) {
          tilePiece(w, x, first, cols, tile, s);
        }
      }
      writeTokens(s.y, panel, w.rows(), x.tokens(), out);
    }
  }

  private void tilePiece(
      VectorWeights.Codes w, ExactActivations x, int first, int cols, int tile, Scratch s) {
    int group = w.group();
    int groups = cols / group;
    int scalesAt = first / group * ROWS;
    boolean hasOffset = w.scales().hasOffset();
    int size = codeTiles.size(tile);
    int start = codeTiles.start(tile);
    int xAt = start * w.cols() + first * size;
    int dAt = start * x.blocks() + first / 32 * size;
    int sumsAt = start * x.blocks() * 2 + first / 16 * size;
    int yAt = start * ROWS;
    float[] v = codeTiles.x;
    float[] d = codeTiles.d;
    float[] sums = codeTiles.sums;
    switch (size) {
      case 12 ->
          CodeTiles.codes12(
              s.panel, groups, group, s.scales, s.offsets, scalesAt, hasOffset, v, xAt, d, dAt,
              sums, sumsAt, s.y, yAt);
      case 6 ->
          CodeTiles.codes6(
              s.panel, groups, group, s.scales, s.offsets, scalesAt, hasOffset, v, xAt, d, dAt,
              sums, sumsAt, s.y, yAt);
      default ->
          CodeTiles.codes2(
              s.panel, groups, group, s.scales, s.offsets, scalesAt, hasOffset, v, xAt, d, dAt,
              sums, sumsAt, s.y, yAt);
    }
  }

  private void tilePlain(
      VectorWeights.Plain w, ExactActivations x, Floats out, int from, int to, Scratch s) {
    s.roomForTokens(valueTiles.padded());
    for (int panel = from; panel < to; panel++) {
      java.util.Arrays.fill(s.y, 0, valueTiles.padded() * ROWS, 0f);
      for (int first = 0; first < w.cols(); first += PIECE) {
        int cols = Math.min(PIECE, w.cols() - first);
        PlainDots.decode(w, panel, first, cols, s.panel);
        tileFloats(w.cols(), first, cols, s);
      }
      writeTokens(s.y, panel, w.rows(), x.tokens(), out);
    }
  }

  /** Row-major blocks: each row of the panel is decoded whole, then spread over its lane. */
  private void tileInPlace(
      VectorWeights.InPlace w, ExactActivations x, Floats out, int from, int to, Scratch s) {
    int cols = w.cols();
    TensorType type = w.type();
    if (s.row.length < cols * ROWS) {
      s.row = new float[cols * ROWS];
    }
    s.roomForTokens(valueTiles.padded());
    for (int panel = from; panel < to; panel++) {
      int rows = Math.min(ROWS, w.rows() - panel * ROWS);
      for (int r = 0; r < rows; r++) {
        long at = ((long) panel * ROWS + r) * type.bytes(cols);
        FloatRows.read(type, w.source(), at, s.row, r * cols, cols);
      }
      java.util.Arrays.fill(s.y, 0, valueTiles.padded() * ROWS, 0f);
      for (int first = 0; first < cols; first += PIECE) {
        int count = Math.min(PIECE, cols - first);
        for (int k = 0; k < count; k++) {
          for (int r = 0; r < rows; r++) {
            s.panel[k * ROWS + r] = s.row[r * cols + first + k];
          }
        }
        tileFloats(cols, first, count, s);
      }
      writeTokens(s.y, panel, w.rows(), x.tokens(), out);
    }
  }

  private void tileFloats(int cols, int first, int count, Scratch s) {
    for (int tile = 0; tile < valueTiles.count(); tile++) {
      int size = valueTiles.size(tile);
      int xAt = valueTiles.start(tile) * cols + first * size;
      int yAt = valueTiles.start(tile) * ROWS;
      switch (size) {
        case 12 -> FloatTiles.floats12(s.panel, count, valueTiles.x, xAt, s.y, yAt);
        case 6 -> FloatTiles.floats6(s.panel, count, valueTiles.x, xAt, s.y, yAt);
        default -> FloatTiles.floats2(s.panel, count, valueTiles.x, xAt, s.y, yAt);
      }
    }
  }

  /** Rows of a padded tile stand at their token's place: only a last tile is padded. */
  private static void writeTokens(float[] y, int panel, int rows, int tokens, Floats out) {
    for (int t = 0; t < tokens; t++) {
      write(y, t * ROWS, panel, rows, out, t);
    }
  }

  private static void write(float[] y, int at, int panel, int rows, Floats out, int token) {
    int first = panel * ROWS;
    out.set((long) token * rows + first, y, at, Math.min(ROWS, rows - first));
  }
}
