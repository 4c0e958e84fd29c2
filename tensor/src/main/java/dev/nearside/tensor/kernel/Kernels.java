package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The arithmetic of a model: the one choke point. Every provider gives the same bits, for any
 * number of threads and any split of a batch; what they are is written in {@code
 * docs/design/numerics.md} and, executable, in {@code Specification}.
 *
 * <p>Rows of inputs and outputs are contiguous: row {@code t} of an output of width {@code n}
 * starts at {@code t * n}. Called by one thread at a time; the work is spread over the provider's
 * threads.
 *
 * <p>A NaN or an infinity that reaches {@link #prepare} is a {@link
 * dev.nearside.tensor.TensorException}, not a number.
 */
public interface Kernels extends AutoCloseable {
  /** {@code scalar}, {@code vector}, … */
  String name();

  /** Threads that share the work. */
  int threads();

  /**
   * Lays out a weight matrix for {@link #matmul}.
   *
   * @param type any type that {@link dev.nearside.tensor.quant.QuantFormats} decodes
   * @param source row-major blocks as a model file holds them: {@code type.bytes(rows * cols)}
   *     bytes
   * @param arena owns the packed copy
   */
  PackedWeights pack(TensorType type, MemorySegment source, int rows, int cols, Arena arena);

  /**
   * Name and version of the layout of packed weights: a packed copy that was kept in a file is good
   * as long as this is the same. Empty when weights are used in place.
   */
  default Optional<String> layout() {
    return Optional.empty();
  }

  /**
   * Weights whose packed copy is already there: the {@link PackedWeights#memory} of an earlier
   * {@link #pack} under the same {@link #layout}. Empty when it can't be that.
   */
  default Optional<PackedWeights> adopt(
      TensorType type, int rows, int cols, MemorySegment packed, Arena arena) {
    return Optional.empty();
  }

  /** Room for {@code maxTokens} rows of at most {@code maxCols} values. */
  Activations newActivations(int maxTokens, int maxCols, Arena arena);

  /**
   * Fills {@code into} from {@code x (tokens, cols)}; {@code cols} is a multiple of 32. Kernels
   * without fast numerics compute all tokens in exact ones.
   */
  void prepare(Floats x, TokenCount tokens, int cols, Activations into);

  /** The same, all tokens in exact numerics. */
  default void prepare(Floats x, int tokens, int cols, Activations into) {
    prepare(x, TokenCount.exact(tokens), cols, into);
  }

  /** Whether tokens of prompts can be computed in fast numerics. */
  default boolean hasFastNumerics() {
    return false;
  }

  /** Fills {@code into} with {@code count} rows of {@code from}, chosen by index. */
  void gather(Activations from, int[] rows, int count, Activations into);

  /** {@code out (tokens, w.rows) = x (tokens, w.cols) × wᵀ}. */
  void matmul(PackedWeights w, Activations x, Floats out);

  /**
   * {@code out = x / sqrt(mean(x²) + eps) * weight} for each of {@code rows} rows of {@code dim};
   * {@code out} may be {@code x}.
   */
  void rmsNorm(Floats x, Floats weight, float eps, int rows, int dim, Floats out);

  /**
   * Turns the first {@code ropeDim} elements of every head of {@code x (tokens, heads, headDim)} in
   * place; {@code shape} says which and how.
   *
   * @param cosSin {@code (positions, ropeDim / 2, 2)}: cosine and sine of every pair at a position
   */
  void rope(Floats x, TokenRows rows, int heads, RopeShape shape, Floats cosSin);

  /** Rounds {@code k} and {@code v (tokens, kvHeads, headDim)} into their places in {@code kv}. */
  void storeKv(KvLayer kv, TokenRows rows, Floats k, Floats v);

  /**
   * Tells of an attention that will be asked for, over keys and values of {@code kvType}: kernels
   * that have something to get ready do it now and not in the first step.
   */
  default void expect(AttentionSpec spec, TensorType kvType) {}

  /**
   * Causal attention of {@code q (tokens, heads, headDim)} over {@code kv}, which already holds the
   * batch's own keys and values; {@code out} has the shape of {@code q}.
   */
  void attention(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out);

  /** {@code out = act(gate) * up}, element by element; {@code out} may be {@code gate}. */
  void gated(GatedActivation act, Floats gate, Floats up, long count, Floats out);

  /** {@code x += y}. */
  void add(Floats x, Floats y, long count);

  /** {@code x[i] = fma(y[i], s, x[i])}. */
  void addScaled(Floats x, Floats y, float s, long count);

  /** Adds {@code bias (dim)} to each of {@code rows} rows. */
  void addBias(Floats x, Floats bias, int rows, int dim);

  /** {@code x *= s}. */
  void scale(Floats x, float s, long count);

  /** {@code x = cap * tanh(x / cap)}. */
  void softCap(Floats x, float cap, long count);

  /** Softmax over each of {@code rows} rows of {@code dim}, in place. */
  void softmax(Floats x, int rows, int dim);

  /** What encoders need besides. */
  EncoderKernels encoder();

  /** Stops the threads. */
  @Override
  void close();
}
