package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import java.lang.foreign.MemorySegment;

/** The specification of matrix rows times activation vectors: see docs/design/numerics.md. */
public final class SpecRows {
  /** Elements of an activation block. */
  public static final int BLOCK = 32;

  /** Elements of the pieces of a block whose sums of codes are kept. */
  public static final int PIECE = 16;

  /** The largest activation code. */
  public static final float MAX_CODE = 4064f;

  /** The same in fast numerics. */
  public static final float FAST_MAX_CODE = 127f;

  /** Blocks whose largest magnitude is below this are zero. */
  public static final float TINY = 0x1p-100f;

  private SpecRows() {}

  /**
   * Rounds the whole blocks among {@code cols} values at {@code x[at …]}: {@code d = max|x| /
   * maxCode}, {@code q = rint(x / d)}. The last {@code cols % 32} values are only checked.
   *
   * @param maxCode {@link #MAX_CODE}, which gives 13 bits, or {@link #FAST_MAX_CODE}
   * @param codes one code per value
   * @param scales one {@code d} per block of 32
   * @throws TensorException when a value is NaN or infinite
   */
  public static void quantise(
      float[] x,
      int at,
      int cols,
      float maxCode,
      int[] codes,
      int codesAt,
      float[] scales,
      int scalesAt) {
    for (int k = 0; k < cols; k++) {
      if (!Float.isFinite(x[at + k])) {
        throw notFinite(x[at + k], k);
      }
    }
    for (int b = 0; b < cols / BLOCK; b++) {
      float max = 0;
      for (int k = b * BLOCK; k < (b + 1) * BLOCK; k++) {
        max = Math.max(max, Math.abs(x[at + k]));
      }
      float d = max < TINY ? 0 : max / maxCode;
      scales[scalesAt + b] = d;
      for (int k = b * BLOCK; k < (b + 1) * BLOCK; k++) {
        codes[codesAt + k] = d == 0 ? 0 : roundToInt(x[at + k] / d);
      }
    }
  }

  /**
   * Looks at {@code count} rows from row {@code first} of {@code x (rows, cols)}.
   *
   * @throws TensorException when a value is NaN or infinite
   */
  public static void checkFinite(Floats x, int first, int count, int cols) {
    for (long i = (long) first * cols; i < (long) (first + count) * cols; i++) {
      if (!Float.isFinite(x.get(i))) {
        throw notFinite(x.get(i), (int) (i % cols));
      }
    }
  }

  private static int roundToInt(float x) {
    return (int) ((x + SpecMath.ROUNDER) - SpecMath.ROUNDER);
  }

  static TensorException notFinite(float value, int column) {
    return new TensorException(
        Fault.of("an activation is not a finite number")
            .got(value)
            .expected("finite values")
            .where("column " + column)
            .hint("the model's weights may be damaged"));
  }

  /**
   * One quantised row times one rounded activation vector. Per group of 32 (or 16) elements: {@code
   * y = fma(float(Σ code·q), scale·d, y)}, then in formats with an offset {@code y = fma(float(Σ
   * q), offset·d, y)}.
   *
   * @param weights blocks of the row from byte {@code row}
   */
  public static float dotCodes(
      CodeReader reader,
      MemorySegment weights,
      long row,
      int cols,
      int[] codes,
      int codesAt,
      float[] scales,
      int scalesAt,
      CodeBlock block) {
    int blockElems = reader.type().blockElems();
    int group = reader.group();
    float y = 0;
    for (int first = 0; first < cols; first += blockElems) {
      reader.read(weights, row + (long) (first / blockElems) * reader.type().blockBytes(), block);
      for (int g = 0; g < blockElems / group; g++) {
        int dot = 0;
        int sum = 0;
        for (int k = g * group; k < (g + 1) * group; k++) {
          int q = codes[codesAt + first + k];
          dot += block.codes[k] * q;
          sum += q;
        }
        float d = scales[scalesAt + (first + g * group) / BLOCK];
        y = Math.fma((float) dot, block.scale(g) * d, y);
        if (reader.hasOffset()) {
          y = Math.fma((float) sum, block.offset(g) * d, y);
        }
      }
    }
    return y;
  }

  /** One float row times one activation vector: {@code y = fma(w, x, y)}, k ascending. */
  public static float dotFloats(float[] w, int wAt, float[] x, int xAt, int cols) {
    float y = 0;
    for (int k = 0; k < cols; k++) {
      y = Math.fma(w[wAt + k], x[xAt + k], y);
    }
    return y;
  }
}
