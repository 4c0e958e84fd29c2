package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import java.lang.foreign.Arena;
import java.util.function.Function;

/** Kernels of exact numerics whose activations live on the Java heap. */
public abstract class ExactKernels extends BandedKernels {
  protected ExactKernels(String name, int threads) {
    this(name, threads, EncoderLoops::new);
  }

  /**
   * @param encoder makes the kernels of encoders on the provider's threads
   */
  protected ExactKernels(String name, int threads, Function<Workers, EncoderKernels> encoder) {
    this(name, new Workers(threads), encoder);
  }

  /** The same on threads that are there. */
  protected ExactKernels(String name, Workers workers, Function<Workers, EncoderKernels> encoder) {
    super(name, workers, encoder);
  }

  /** Multiplies; shapes are checked. */
  protected abstract void multiply(PackedWeights w, ExactActivations x, Floats out);

  @Override
  protected final void multiply(PackedWeights w, Activations x, Floats out) {
    multiply(w, own(x), out);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The rows live on the Java heap; {@code arena} is not used.
   */
  @Override
  public final Activations newActivations(int maxTokens, int maxCols, Arena arena) {
    return new ExactActivations(maxTokens, maxCols);
  }

  @Override
  public final void prepare(Floats x, TokenCount count, int cols, Activations into) {
    int tokens = count.all();
    ExactActivations target = own(into);
    target.shape(count, cols);
    checkRoom("an activation buffer", x, (long) tokens * cols);
    workers.run(tokens, 1 + GRAIN / cols, (from, to, thread) -> prepareBand(x, from, to, target));
  }

  /** Copies and rounds tokens {@code from … to - 1}. */
  protected void prepareBand(Floats x, int from, int to, ExactActivations into) {
    int cols = into.cols();
    int blocks = into.blocks();
    int[] codes = new int[into.blockCols()];
    for (int t = from; t < to; t++) {
      x.get((long) t * cols, into.values, t * cols, cols);
      float most =
          into.isExact(t) || !hasFastNumerics() ? SpecRows.MAX_CODE : SpecRows.FAST_MAX_CODE;
      SpecRows.quantise(into.values, t * cols, cols, most, codes, 0, into.scales, t * blocks);
      int first = t * into.blockCols();
      for (int k = 0; k < codes.length; k++) {
        into.codes[first + k] = codes[k];
      }
      for (int p = 0; p < blocks * 2; p++) {
        int sum = 0;
        for (int k = p * SpecRows.PIECE; k < (p + 1) * SpecRows.PIECE; k++) {
          sum += codes[k];
        }
        into.sums[t * blocks * 2 + p] = sum;
      }
    }
  }

  @Override
  public final void gather(Activations from, int[] rows, int count, Activations into) {
    ExactActivations source = own(from);
    ExactActivations target = own(into);
    target.shape(count, source.cols());
    for (int i = 0; i < count; i++) {
      checkRow(rows[i], source);
      target.copyRow(source, rows[i], i);
    }
  }

  private static ExactActivations own(Activations activations) {
    if (activations instanceof ExactActivations exact) {
      return exact;
    }
    throw new TensorException(
        Fault.of("activations of another provider").got(activations.getClass().getSimpleName()));
  }
}
