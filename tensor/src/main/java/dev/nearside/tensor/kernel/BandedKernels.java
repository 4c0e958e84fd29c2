package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all providers share: checks of shapes, and the split of every operation but products into
 * bands of rows, heads, tokens or elements over the {@link Workers}. The {@code …Band} methods
 * compute one band; here they follow the specification, and a provider overrides those that it does
 * faster.
 */
public abstract class BandedKernels implements Kernels {
  /** Elements below which a thread's share of element-wise work isn't worth a hand-over. */
  protected static final int GRAIN = 8192;

  /** Elements of element-wise work on the heap at a time, where a loop is quick. */
  private static final int CHUNK = 1024;

  private final String name;
  protected final Workers workers;
  private final Function<Workers, EncoderKernels> encoders;
  private @Nullable EncoderKernels encoder; // made when it is asked for

  /**
   * @param encoder makes the kernels of encoders on the provider's threads
   */
  protected BandedKernels(String name, Workers workers, Function<Workers, EncoderKernels> encoder) {
    this.name = name;
    this.workers = workers;
    this.encoders = encoder;
  }

  @Override
  public final synchronized EncoderKernels encoder() {
    EncoderKernels known = encoder;
    if (known == null) {
      known = encoders.apply(workers);
      encoder = known;
    }
    return known;
  }

  /** Lays out checked weights. */
  protected abstract PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena);

  /** Multiplies; shapes are checked. */
  protected abstract void multiply(PackedWeights w, Activations x, Floats out);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int threads() {
    return workers.threads();
  }

  @Override
  public final void close() {
    workers.close();
  }

  @Override
  public final PackedWeights pack(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    Shapes.checkWeights(type, source, rows, cols);
    workers.run(
        rows,
        1 + GRAIN / cols,
        (from, to, thread) -> Shapes.checkFinite(type, source, from, to, cols));
    return layOut(type, source, rows, cols, arena);
  }

  @Override
  public final void matmul(PackedWeights w, Activations x, Floats out) {
    if (x.cols() != w.cols()) {
      throw new TensorException(
          Fault.of("activations and weights differ in width").got(x.cols()).expected(w.cols()));
    }
    checkRoom("a product's output", out, (long) x.tokens() * w.rows());
    if (x.tokens() > 0) {
      multiply(w, x, out);
    }
  }

  @Override
  public final void rmsNorm(Floats x, Floats weight, float eps, int rows, int dim, Floats out) {
    checkRoom("a norm's input", x, (long) rows * dim);
    checkRoom("a norm's output", out, (long) rows * dim);
    checkRoom("a norm's weight", weight, dim);
    workers.run(
        rows,
        1 + GRAIN / dim,
        (from, to, thread) -> rmsNormBand(x, weight, eps, from, to, dim, out, thread));
  }

  /** Norms of rows {@code from … to - 1}. */
  protected void rmsNormBand(
      Floats x, Floats weight, float eps, int from, int to, int dim, Floats out, int thread) {
    float[] row = new float[dim];
    float[] factors = new float[dim];
    weight.get(0, factors, 0, dim);
    for (int r = from; r < to; r++) {
      x.get((long) r * dim, row, 0, dim);
      SpecLayers.rmsNorm(row, 0, factors, eps, dim, row, 0);
      out.set((long) r * dim, row, 0, dim);
    }
  }

  @Override
  public final void rope(Floats x, TokenRows rows, int heads, RopeShape shape, Floats cosSin) {
    if (shape.ropeDim() < 0 || shape.ropeDim() % 2 != 0 || shape.ropeDim() > shape.headDim()) {
      throw new TensorException(
          Fault.of("a rotation doesn't fit its heads")
              .got(shape.ropeDim())
              .expected("an even number up to " + shape.headDim()));
    }
    int width = heads * shape.headDim();
    checkRoom("a rotation's input", x, (long) rows.count() * width);
    workers.run(
        rows.count(),
        1 + GRAIN / width,
        (from, to, thread) -> ropeBand(x, rows, from, to, heads, shape, cosSin, thread));
  }

  /** Rotates tokens {@code from … to - 1}. */
  protected void ropeBand(
      Floats x,
      TokenRows rows,
      int from,
      int to,
      int heads,
      RopeShape shape,
      Floats cosSin,
      int thread) {
    int ropeDim = shape.ropeDim();
    float[] table = new float[ropeDim];
    float[] row = new float[heads * shape.headDim()];
    for (int t = from; t < to; t++) {
      cosSin.get((long) rows.positions()[t] * ropeDim, table, 0, ropeDim);
      long at = (long) t * row.length;
      x.get(at, row, 0, row.length);
      for (int h = 0; h < heads; h++) {
        SpecLayers.rope(row, h * shape.headDim(), ropeDim, shape.style(), table, 0);
      }
      x.set(at, row, 0, row.length);
    }
  }

  @Override
  public final void storeKv(KvLayer kv, TokenRows rows, Floats k, Floats v) {
    Shapes.checkKvType(kv);
    int width = kv.kvHeads() * kv.headDim();
    checkRoom("new keys", k, (long) rows.count() * width);
    checkRoom("new values", v, (long) rows.count() * width);
    workers.run(
        rows.count(),
        1 + GRAIN / width,
        (from, to, thread) -> storeBand(kv, rows, k, v, from, to, thread));
  }

  /** Stores tokens {@code from … to - 1}. */
  protected void storeBand(
      KvLayer kv, TokenRows rows, Floats k, Floats v, int from, int to, int thread) {
    int dim = kv.headDim();
    int width = kv.kvHeads() * dim;
    float[] keys = new float[width];
    float[] values = new float[width];
    for (int t = from; t < to; t++) {
      int slot = rows.slot(t);
      int block = rows.block(t);
      k.get((long) t * width, keys, 0, width);
      v.get((long) t * width, values, 0, width);
      for (int h = 0; h < kv.kvHeads(); h++) {
        SpecKv.store(kv, kv.headAt(block, h), slot, keys, values, h * dim);
      }
    }
  }

  @Override
  public final void attention(
      AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    Shapes.checkAttention(spec, kv);
    long size = (long) rows.count() * spec.heads() * spec.headDim();
    checkRoom("queries", q, size);
    checkRoom("an attention's output", out, size);
    attend(spec, kv, rows, q, out);
  }

  /** Computes attention; shapes are checked. */
  protected void attend(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    workers.run(
        rows.count() * spec.heads(),
        1,
        (from, to, thread) -> {
          int dim = spec.headDim();
          float[] query = new float[dim];
          float[] result = new float[dim];
          for (int i = from; i < to; i++) {
            int t = i / spec.heads();
            q.get((long) i * dim, query, 0, dim);
            SpecAttention.head(
                spec,
                kv,
                rows.blockTables()[rows.tables()[t]],
                rows.positions()[t],
                i % spec.heads(),
                query,
                0,
                result,
                0);
            out.set((long) i * dim, result, 0, dim);
          }
        });
  }

  @Override
  public final void gated(GatedActivation act, Floats gate, Floats up, long count, Floats out) {
    checkRoom("a gate", gate, count);
    checkRoom("an up projection", up, count);
    checkRoom("a gate's output", out, count);
    elements(count, (from, to, thread) -> gatedBand(act, gate, up, from, to, out, thread));
  }

  /** Elements {@code from … to - 1}. */
  protected void gatedBand(
      GatedActivation act, Floats gate, Floats up, long from, long to, Floats out, int thread) {
    float[] g = new float[CHUNK];
    float[] u = new float[CHUNK];
    for (long at = from; at < to; at += CHUNK) {
      int count = (int) Math.min(CHUNK, to - at);
      gate.get(at, g, 0, count);
      up.get(at, u, 0, count);
      for (int i = 0; i < count; i++) {
        g[i] = SpecMath.gated(act, g[i], u[i]);
      }
      out.set(at, g, 0, count);
    }
  }

  @Override
  public final void add(Floats x, Floats y, long count) {
    addScaled(x, y, 1f, count); // fma(y, 1, x) is x + y
  }

  @Override
  public final void addScaled(Floats x, Floats y, float s, long count) {
    checkRoom("a sum", x, count);
    checkRoom("an addend", y, count);
    elements(count, (from, to, thread) -> addScaledBand(x, y, s, from, to, thread));
  }

  /** Elements {@code from … to - 1}. */
  protected void addScaledBand(Floats x, Floats y, float s, long from, long to, int thread) {
    float[] sum = new float[CHUNK];
    float[] addend = new float[CHUNK];
    for (long at = from; at < to; at += CHUNK) {
      int count = (int) Math.min(CHUNK, to - at);
      x.get(at, sum, 0, count);
      y.get(at, addend, 0, count);
      for (int i = 0; i < count; i++) {
        sum[i] = Math.fma(addend[i], s, sum[i]);
      }
      x.set(at, sum, 0, count);
    }
  }

  @Override
  public final void addBias(Floats x, Floats bias, int rows, int dim) {
    checkRoom("a sum", x, (long) rows * dim);
    checkRoom("a bias", bias, dim);
    workers.run(
        rows,
        1 + GRAIN / dim,
        (from, to, thread) -> {
          for (int r = from; r < to; r++) {
            addScaledBand(x.slice((long) r * dim, dim), bias, 1f, 0, dim, thread);
          }
        });
  }

  @Override
  public final void scale(Floats x, float s, long count) {
    checkRoom("a scaled vector", x, count);
    elements(count, (from, to, thread) -> scaleBand(x, s, from, to));
  }

  /** Elements {@code from … to - 1}. */
  protected void scaleBand(Floats x, float s, long from, long to) {
    for (long i = from; i < to; i++) {
      x.set(i, x.get(i) * s);
    }
  }

  @Override
  public final void softCap(Floats x, float cap, long count) {
    checkRoom("a capped vector", x, count);
    elements(count, (from, to, thread) -> softCapBand(x, cap, from, to, thread));
  }

  /** Elements {@code from … to - 1}. */
  protected void softCapBand(Floats x, float cap, long from, long to, int thread) {
    for (long i = from; i < to; i++) {
      x.set(i, SpecMath.softCap(x.get(i), cap));
    }
  }

  @Override
  public final void softmax(Floats x, int rows, int dim) {
    checkRoom("a softmax", x, (long) rows * dim);
    workers.run(rows, 1 + GRAIN / dim, (from, to, thread) -> softmaxBand(x, from, to, dim));
  }

  /** Rows {@code from … to - 1}. */
  protected void softmaxBand(Floats x, int from, int to, int dim) {
    float[] row = new float[dim];
    for (int r = from; r < to; r++) {
      x.get((long) r * dim, row, 0, dim);
      SpecLayers.softmax(row, 0, dim);
      x.set((long) r * dim, row, 0, dim);
    }
  }

  private interface Elements {
    void run(long from, long to, int thread);
  }

  /** Splits by pieces of {@link #GRAIN}, so that also more than 2³¹ elements are counted. */
  private void elements(long count, Elements work) {
    int pieces = Math.toIntExact((count + GRAIN - 1) / GRAIN);
    workers.run(
        pieces,
        1,
        (from, to, thread) ->
            work.run((long) from * GRAIN, Math.min((long) to * GRAIN, count), thread));
  }

  /**
   * @throws TensorException when {@code floats} has less than {@code needed} values
   */
  protected static void checkRoom(String what, Floats floats, long needed) {
    Shapes.checkRoom(what, floats, needed);
  }

  /**
   * @throws TensorException when there is no row {@code row}
   */
  protected static void checkRow(int row, Activations from) {
    if (row < 0 || row >= from.tokens()) {
      throw new TensorException(
          Fault.of("a gathered row doesn't exist").got(row).expected("below " + from.tokens()));
    }
  }
}
