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
 * The specification, spread over threads: plain loops over the blocks as the file holds them.
 * Nothing is packed; {@code source} must live as long as the weights are used.
 */
public final class SpecificationKernels extends ExactKernels {
  public SpecificationKernels(int threads) {
    super("specification", threads, SpecificationEncoder::new);
  }

  @Override
  public boolean hasFastNumerics() {
    return true;
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
    Optional<CodeReader> reader = CodeReaders.of(w.type());
    if (reader.isPresent()) {
      int[] codes = new int[x.tokens() * x.blockCols()];
      for (int k = 0; k < codes.length; k++) {
        codes[k] = (int) x.codes[k];
      }
      workers.run(
          w.rows(),
          1,
          (from, to, thread) -> multiplyCodes(weights, reader.get(), x, codes, out, from, to));
    } else {
      workers.run(w.rows(), 1, (from, to, thread) -> multiplyFloats(weights, x, out, from, to));
    }
  }

  private static void multiplyCodes(
      InPlace w, CodeReader reader, ExactActivations x, int[] codes, Floats out, int from, int to) {
    CodeBlock block = new CodeBlock();
    long rowBytes = w.type.bytes(w.cols);
    for (int r = from; r < to; r++) {
      for (int t = 0; t < x.tokens(); t++) {
        float y =
            SpecRows.dotCodes(
                reader,
                w.source,
                r * rowBytes,
                w.cols,
                codes,
                t * x.blockCols(),
                x.scales,
                t * x.blocks(),
                block);
        out.set((long) t * w.rows + r, y);
      }
    }
  }

  private static void multiplyFloats(InPlace w, ExactActivations x, Floats out, int from, int to) {
    float[] row = new float[w.cols];
    long rowBytes = w.type.bytes(w.cols);
    for (int r = from; r < to; r++) {
      FloatRows.read(w.type, w.source, r * rowBytes, row, 0, w.cols);
      for (int t = 0; t < x.tokens(); t++) {
        out.set((long) t * w.rows + r, SpecRows.dotFloats(row, 0, x.values, t * w.cols, w.cols));
      }
    }
  }
}
