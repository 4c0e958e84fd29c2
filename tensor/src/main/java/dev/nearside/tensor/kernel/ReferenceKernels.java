package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Not exact numerics: products with unrounded activations, decoded weights and sums in double. For
 * tests that separate a wrong architecture from rounding; use it with {@link KvLayer}s of F32. All
 * but the products follows the specification.
 */
public final class ReferenceKernels extends ExactKernels {
  public ReferenceKernels(int threads) {
    super("reference", threads);
  }

  private record InPlace(TensorType type, MemorySegment source, int rows, int cols)
      implements PackedWeights {}

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    return new InPlace(type, source, rows, cols);
  }

  @Override
  protected void multiply(PackedWeights w, ExactActivations x, Floats out) {
    if (!(w instanceof InPlace weights)) {
      throw new TensorException(Fault.of("weights of another provider").got(w.type()));
    }
    workers.run(
        w.rows(),
        1,
        (from, to, thread) -> {
          double[] row = new double[w.cols()];
          for (int r = from; r < to; r++) {
            decode(weights, r, row);
            for (int t = 0; t < x.tokens(); t++) {
              double sum = 0;
              for (int k = 0; k < row.length; k++) {
                sum += row[k] * x.values[t * row.length + k];
              }
              out.set((long) t * w.rows() + r, (float) sum);
            }
          }
        });
  }

  private static void decode(InPlace w, int r, double[] row) {
    long at = r * w.type.bytes(w.cols);
    Optional<CodeReader> reader = CodeReaders.of(w.type);
    if (reader.isEmpty()) {
      float[] floats = new float[w.cols];
      FloatRows.read(w.type, w.source, at, floats, 0, w.cols);
      for (int k = 0; k < row.length; k++) {
        row[k] = floats[k];
      }
      return;
    }
    CodeBlock block = new CodeBlock();
    int elems = w.type.blockElems();
    int group = reader.get().group();
    for (int first = 0; first < w.cols; first += elems) {
      reader.get().read(w.source, at + (long) (first / elems) * w.type.blockBytes(), block);
      for (int k = 0; k < elems; k++) {
        int g = k / group;
        double offset = reader.get().hasOffset() ? block.offset(g) : 0;
        row[first + k] = block.codes[k] * (double) block.scale(g) + offset;
      }
    }
  }
}
