package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Label;
import dev.nearside.tensor.kernel.x86.Mask;
import dev.nearside.tensor.kernel.x86.Mem;
import dev.nearside.tensor.kernel.x86.Vec;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one to four queries to one tile of 64 keys and values, joined with what the queries
 * have seen before.
 *
 * <pre>
 *   RSI keys (dim, 64)   RDX values (64, dim)   R8 queries (queries, dim)   R9 results (queries, dim)
 *   R10 maximum and sum of each query   R11 weights (queries, 64)   RAX RCX RBX counters
 *   zmm 0–15 scores, or sums of values: four vectors a query   16–19 keys, values, scratch
 *   zmm 20–23 and 24–27: what a query keeps of what it had, and takes of this tile
 *   zmm 28–31 scratch
 *   k1–k4 positions that are not seen, k5 scratch
 * </pre>
 */
abstract sealed class AttentionRoutine permits FloatsAttention, CodesAttention {
  /** Queries at most. */
  static final int MOST_QUERIES = 4;

  /** Arguments, 8 bytes each, and where they stand. */
  static final int KEYS = 0;

  static final int VALUES = 8;
  static final int QUERIES = 16;
  static final int RESULTS = 24;
  static final int STATES = 32;
  static final int WEIGHTS = 40;

  /** First position of the tile that is seen, and the one after the last. */
  static final int FROM = 48;

  static final int TO = 56;

  /** 0 for the first tile that the queries see. */
  static final int IS_STARTED = 64;

  /** A float. */
  static final int SCALE = 72;

  /** A bit for each position that is not seen. */
  static final int HIDDEN = 80;

  /** A float: scores become {@code cap * tanh(score / cap)}. */
  static final int CAP = 88;

  /** Bytes of a query's state: the largest score, and the sum of weights, each 16 times. */
  static final int STATE_BYTES = 128;

  /** Bytes of a query's weights. */
  static final int WEIGHT_BYTES = KvLayer.BLOCK * Float.BYTES;

  /** Vectors that hold a query's scores. */
  static final int VECTORS = 4;

  /**
   * What a routine is for.
   *
   * @param dim width of a head
   * @param type of keys and values: F32, F16 or Q8_0
   * @param isCapped whether scores have a cap
   */
  record Shape(int dim, TensorType type, boolean isCapped) {
    /** Whether there are routines for it. */
    boolean isCovered() {
      return dim > 0 && dim % (type == TensorType.Q8_0 ? 32 : 16) == 0;
    }
  }

  final Assembler a = new Assembler();
  final int dim;
  final int queries;
  private final LaneCode lanes = new LaneCode(a);
  private final @Nullable CapCode cap;
  private final Mem hidden = lanes.constant("hidden", Float.NEGATIVE_INFINITY);

  AttentionRoutine(Shape shape, int queries) {
    this.dim = shape.dim();
    this.queries = queries;
    this.cap = shape.isCapped() ? new CapCode(a, lanes) : null;
  }

  /**
   * @param queries 1 to 4
   */
  static Code assemble(Shape shape, int queries) {
    AttentionRoutine routine =
        shape.type() == TensorType.Q8_0
            ? new CodesAttention(shape, queries)
            : new FloatsAttention(shape, queries);
    return routine.code();
  }

  /** Reads 16 elements; the first is element {@code at} from a register on. */
  abstract void load(Vec to, Gpr from, int at);

  /** Adds up the products of so many dimensions in the sums; RSI and R8 move on. */
  final void addDots(int dimensions, int elementBytes) {
    a.mov(Gpr.RCX, dimensions);
    Label next = a.here("dimension");
    for (int v = 0; v < VECTORS; v++) {
      load(shared(v), Gpr.RSI, 16 * v);
    }
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < VECTORS; v++) {
        a.vfmadd231ps(sum(q, v), shared(v), Mem.at(Gpr.R8, q * dim * Float.BYTES).broadcast());
      }
    }
    a.add(Gpr.RSI, KvLayer.BLOCK * elementBytes);
    a.add(Gpr.R8, Float.BYTES);
    a.sub(Gpr.RCX, 1);
    a.jne(next);
  }

  /** Leaves the products of queries and keys in the sums. */
  abstract void dots();

  /**
   * Adds up weighted values of some dimensions in the sums, which are zero.
   *
   * @param first dimension
   * @param vectors of 16 dimensions, at most {@link #VECTORS}
   */
  abstract void gather(int first, int vectors);

  static Vec sum(int query, int vector) {
    return Vec.zmm(VECTORS * query + vector);
  }

  static Vec shared(int vector) {
    return Vec.zmm(16 + vector);
  }

  private static Vec keep(int query) {
    return Vec.zmm(20 + query);
  }

  private static Vec take(int query) {
    return Vec.zmm(24 + query);
  }

  private Code code() {
    Frame frame = Frame.here();
    frame.begin(a);
    a.mov(Gpr.RSI, Mem.at(Frame.ARGUMENTS, KEYS));
    a.mov(Gpr.RDX, Mem.at(Frame.ARGUMENTS, VALUES));
    a.mov(Gpr.R8, Mem.at(Frame.ARGUMENTS, QUERIES));
    a.mov(Gpr.R9, Mem.at(Frame.ARGUMENTS, RESULTS));
    a.mov(Gpr.R10, Mem.at(Frame.ARGUMENTS, STATES));
    a.mov(Gpr.R11, Mem.at(Frame.ARGUMENTS, WEIGHTS));
    a.mov(Gpr.RAX, Mem.at(Frame.ARGUMENTS, HIDDEN));
    for (int v = 0; v < VECTORS; v++) {
      a.kmovw(Mask.k(1 + v), Gpr.RAX);
      a.shr(Gpr.RAX, 16);
    }
    dots();
    Label first = new Label("first");
    Label merged = new Label("merged");
    a.mov(Gpr.RAX, Mem.at(Frame.ARGUMENTS, IS_STARTED));
    a.cmp(Gpr.RAX, 0);
    a.je(first);
    weights(true);
    values(true);
    a.jmp(merged);
    a.bind(first);
    weights(false);
    values(false);
    a.bind(merged);
    frame.end(a);
    return a.finish();
  }

  final void clear(int vectors) {
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < vectors; v++) {
        a.vpxord(sum(q, v), sum(q, v), sum(q, v));
      }
    }
  }

  // Scores become weights, which are left in memory.
  private void weights(boolean isStarted) {
    Vec max = Vec.zmm(28);
    Vec n = Vec.zmm(29);
    Vec p = Vec.zmm(30);
    Vec t = Vec.zmm(31);
    Mem scale = Mem.at(Frame.ARGUMENTS, SCALE).broadcast();
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < VECTORS; v++) {
        a.vmulps(sum(q, v), sum(q, v), scale);
        if (cap != null) {
          Mem bound = Mem.at(Frame.ARGUMENTS, CAP).broadcast();
          cap.softCap(sum(q, v), bound, shared(0), shared(1), shared(2), max, n, p, t);
        }
        a.vblendmps(sum(q, v).merging(Mask.k(1 + v)), sum(q, v), hidden);
      }
      a.vmaxps(max, sum(q, 0), sum(q, 1));
      a.vmaxps(max, max, sum(q, 2));
      a.vmaxps(max, max, sum(q, 3));
      lanes.max(max, t);
      for (int v = 0; v < VECTORS; v++) {
        a.vsubps(sum(q, v), sum(q, v), max);
        lanes.exp(sum(q, v), n, p, t);
        a.vmovups(Mem.at(Gpr.R11, q * WEIGHT_BYTES + 64 * v), sum(q, v));
      }
      Vec total = shared(0);
      a.vaddps(total, sum(q, 0), sum(q, 1));
      a.vaddps(total, total, sum(q, 2));
      a.vaddps(total, total, sum(q, 3));
      lanes.sum(total, t);
      Mem knownMax = Mem.at(Gpr.R10, q * STATE_BYTES);
      Mem knownSum = Mem.at(Gpr.R10, q * STATE_BYTES + 64);
      if (isStarted) {
        Vec newMax = shared(1);
        a.vmaxps(newMax, max, knownMax);
        a.vmovups(keep(q), knownMax);
        a.vsubps(keep(q), keep(q), newMax);
        lanes.exp(keep(q), n, p, t);
        a.vsubps(take(q), max, newMax);
        lanes.exp(take(q), n, p, t);
        a.vmulps(total, total, take(q));
        a.vmovups(t, knownSum);
        a.vfmadd231ps(total, t, keep(q));
        a.vmovups(knownMax, newMax);
      } else {
        a.vmovups(knownMax, max);
      }
      a.vmovups(knownSum, total);
    }
  }

  private void values(boolean isStarted) {
    for (int at = 0; at < dim; at += 16 * VECTORS) {
      valuesOf(at, Math.min(VECTORS, (dim - at) / 16), isStarted);
    }
  }

  private void valuesOf(int first, int vectors, boolean isStarted) {
    clear(vectors);
    gather(first, vectors);
    for (int q = 0; q < queries; q++) {
      for (int v = 0; v < vectors; v++) {
        Mem result = Mem.at(Gpr.R9, (q * dim + first + 16 * v) * Float.BYTES);
        if (isStarted) {
          a.vmulps(sum(q, v), sum(q, v), take(q));
          a.vmovups(shared(0), result);
          a.vfmadd231ps(sum(q, v), shared(0), keep(q));
        }
        a.vmovups(result, sum(q, v));
      }
    }
  }
}
