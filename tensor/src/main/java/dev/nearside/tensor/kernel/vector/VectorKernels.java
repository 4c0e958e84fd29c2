package dev.nearside.tensor.kernel.vector;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.ExactKernels;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact numerics on the Vector API, for any preferred vector size. Weights are repacked into panels
 * whose rows are lanes: see docs/design/kernels.md.
 */
public final class VectorKernels extends ExactKernels {
  private static final VectorSpecies<Float> F = Lanes.FLOATS;

  /** Elements of element-wise work on the heap at a time; a multiple of every vector. */
  private static final int CHUNK = 1024;

  private final Products products;
  private final Attention attention;

  public VectorKernels(int threads) {
    this(new Workers(threads));
  }

  /**
   * Kernels on threads that are there.
   *
   * @param workers end with these kernels
   */
  public VectorKernels(Workers workers) {
    super("vector", workers, VectorEncoder::new);
    products = new Products(workers);
    attention = new Attention(workers);
  }

  /** Bits of a vector. */
  public static int vectorBits() {
    return Lanes.SHAPE.vectorBitSize();
  }

  /** The panels of {@link VectorWeights}: their version and their height. */
  private static final String LAYOUT = VectorUnpacker.LAYOUT + Lanes.ROWS;

  @Override
  public Optional<String> layout() {
    return Optional.of(LAYOUT);
  }

  @Override
  public Optional<PackedWeights> adopt(
      TensorType type, int rows, int cols, MemorySegment packed, Arena arena) {
    // A mapped segment is another class than an allocated one, and kernels that see both are
    // slower: the same memory as a plain native segment.
    MemorySegment plain =
        MemorySegment.ofAddress(packed.address()).reinterpret(packed.byteSize(), arena, null);
    return Packer.adopt(type, rows, cols, plain);
  }

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    return Packer.pack(type, source, rows, cols, arena, workers);
  }

  @Override
  protected void multiply(PackedWeights w, ExactActivations x, Floats out) {
    if (!(w instanceof VectorWeights weights)) {
      throw new TensorException(Fault.of("weights of another provider").got(w.type()));
    }
    products.multiply(weights, x, out);
  }

  @Override
  protected void prepareBand(Floats x, int from, int to, ExactActivations into) {
    int cols = into.cols();
    int blocks = into.blocks();
    x.get((long) from * cols, into.values, from * cols, (to - from) * cols);
    for (int t = from; t < to; t++) {
      boolean isFinite =
          VectorLayers.quantise(
              into.values,
              t * cols,
              blocks,
              into.codes,
              t * into.blockCols(),
              into.scales,
              t * blocks,
              into.sums,
              t * blocks * 2);
      for (int k = into.blockCols(); k < cols; k++) {
        isFinite &= Float.isFinite(into.values[t * cols + k]);
      }
      if (!isFinite) {
        super.prepareBand(x, t, t + 1, into); // says which value it is
      }
    }
  }

  @Override
  protected void rmsNormBand(
      Floats x, Floats weight, float eps, int from, int to, int dim, Floats out, int thread) {
    float[] row = new float[dim];
    float[] factors = new float[dim];
    float[] lanes = new float[16];
    weight.get(0, factors, 0, dim);
    for (int r = from; r < to; r++) {
      x.get((long) r * dim, row, 0, dim);
      VectorLayers.rmsNorm(row, factors, eps, dim, lanes);
      out.set((long) r * dim, row, 0, dim);
    }
  }

  @Override
  protected void softmaxBand(Floats x, int from, int to, int dim) {
    float[] row = new float[(dim + 15) / 16 * 16];
    float[] lanes = new float[16];
    for (int r = from; r < to; r++) {
      x.get((long) r * dim, row, 0, dim);
      VectorLayers.softmax(row, dim, lanes);
      x.set((long) r * dim, row, 0, dim);
    }
  }

  @Override
  protected void attend(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    attention.attend(spec, kv, rows, q, out);
  }

  @Override
  protected void gatedBand(
      GatedActivation act, Floats gate, Floats up, long from, long to, Floats out, int thread) {
    float[] g = new float[CHUNK];
    float[] u = new float[CHUNK];
    float[] work = new float[CHUNK];
    for (long at = from; at < to; at += CHUNK) {
      int count = (int) Math.min(CHUNK, to - at);
      gate.get(at, g, 0, count);
      up.get(at, u, 0, count);
      switch (act) {
        case SILU -> VectorMath.silu(g, u, work, count);
        case GELU -> {
          VectorEncoder.gelu(g, work, count);
          VectorMath.multiply(g, u, count);
        }
        case GELU_TANH -> VectorMath.geluTanh(g, u, work, count);
        case SWIGLU_OAI -> VectorMath.swigluOai(g, u, work, count);
      }
      out.set(at, g, 0, count);
    }
  }

  @Override
  protected void softCapBand(Floats x, float cap, long from, long to, int thread) {
    float[] values = new float[CHUNK];
    float[] work = new float[CHUNK];
    for (long at = from; at < to; at += CHUNK) {
      int count = (int) Math.min(CHUNK, to - at);
      x.get(at, values, 0, count);
      VectorMath.softCap(values, work, count, cap);
      x.set(at, values, 0, count);
    }
  }

  @Override
  protected void addScaledBand(Floats x, Floats y, float s, long from, long to, int thread) {
    MemorySegment xs = x.segment();
    MemorySegment ys = y.segment();
    FloatVector factor = FloatVector.broadcast(F, s);
    long i = from;
    for (; i + Lanes.WIDTH <= to; i += Lanes.WIDTH) {
      FloatVector.fromMemorySegment(F, ys, i * Float.BYTES, Lanes.ORDER)
          .fma(factor, FloatVector.fromMemorySegment(F, xs, i * Float.BYTES, Lanes.ORDER))
          .intoMemorySegment(xs, i * Float.BYTES, Lanes.ORDER);
    }
    super.addScaledBand(x, y, s, i, to, thread);
  }

  @Override
  protected void scaleBand(Floats x, float s, long from, long to) {
    MemorySegment xs = x.segment();
    long i = from;
    for (; i + Lanes.WIDTH <= to; i += Lanes.WIDTH) {
      FloatVector.fromMemorySegment(F, xs, i * Float.BYTES, Lanes.ORDER)
          .mul(s)
          .intoMemorySegment(xs, i * Float.BYTES, Lanes.ORDER);
    }
    super.scaleBand(x, s, i, to);
  }
}
