package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import java.lang.foreign.MemorySegment;

/** Rows of a weight matrix times one token: {@link SpecRows#dotCodes} in four strands. */
final class ScalarRow {
  private ScalarRow() {}

  /**
   * Rows {@code from … to - 1}.
   *
   * @param codes the token's codes
   */
  static void codes(
      CodeReader reader,
      MemorySegment source,
      int from,
      int to,
      ExactActivations x,
      int[] codes,
      Floats out) {
    CodeBlock block = new CodeBlock();
    long rowBytes = reader.type().bytes(x.cols());
    for (int r = from; r < to; r++) {
      out.set(r, dot(reader, source, r * rowBytes, x, codes, block));
    }
  }

  private static float dot(
      CodeReader reader,
      MemorySegment source,
      long row,
      ExactActivations x,
      int[] codes,
      CodeBlock block) {
    int blockElems = reader.type().blockElems();
    int blockBytes = reader.type().blockBytes();
    int group = reader.group();
    int groups = blockElems / group;
    int pieces = group / SpecRows.PIECE;
    boolean hasOffset = reader.hasOffset();
    float[] sums = x.sums;
    float y = 0;
    long at = row;
    int first = 0;
    for (; first < x.cols(); first += blockElems) {
      reader.read(source, at, block);
      at += blockBytes;
      for (int g = 0; g < groups; g++) {
        int col = first + g * group;
        float d = x.scales[col / SpecRows.BLOCK];
        y = Math.fma((float) dot(block.codes, g * group, codes, col, group), block.scale(g) * d, y);
        if (hasOffset) {
          int piece = col / SpecRows.PIECE;
          float sum = pieces == 1 ? sums[piece] : sums[piece] + sums[piece + 1];
          y = Math.fma(sum, block.offset(g) * d, y);
        }
      }
    }
    return y;
  }

  private static int dot(byte[] w, int wAt, int[] x, int xAt, int count) {
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int k = 0; k < count; k += 4) {
      a += w[wAt + k] * x[xAt + k];
      b += w[wAt + k + 1] * x[xAt + k + 1];
      c += w[wAt + k + 2] * x[xAt + k + 2];
      d += w[wAt + k + 3] * x[xAt + k + 3];
    }
    return a + b + c + d;
  }
}
