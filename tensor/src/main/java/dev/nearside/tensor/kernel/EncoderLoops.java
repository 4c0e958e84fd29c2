package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link EncoderKernels} by plain loops: checks of shapes, and the split of the work over threads.
 * A provider overrides the loops over arrays that it does faster.
 */
public class EncoderLoops implements EncoderKernels {
  protected static final int TILE = SpecEncoder.TILE;

  /** Elements below which a thread's share isn't worth a hand-over. */
  private static final int GRAIN = 8192;

  /** Elements on the heap at a time; a multiple of every vector. */
  protected static final int CHUNK = 1024;

  protected final Workers workers;
  private final Scratch[] scratches;

  /** A run of up to {@link #TILE} queries of a sequence. */
  private record Run(int first, int length, int from, int to) {}

  /** One thread's arrays. */
  private static final class Scratch {
    final float[] scores = new float[TILE];
    final float[] lanes = new float[SpecLayers.LANES];
    final float[] max = new float[TILE];
    final float[] sum = new float[TILE];
    float[] queries = new float[0];
    float[] merged = new float[0];
    float[] keys = new float[0];
    float[] values = new float[0];
    float[] weighted = new float[0];
    float[] row = new float[0];

    void room(int dim) {
      if (row.length < dim) {
        queries = new float[TILE * dim];
        merged = new float[TILE * dim];
        keys = new float[TILE * dim];
        values = new float[TILE * dim];
        weighted = new float[dim];
        row = new float[dim];
      }
    }
  }

  /** What a call of {@link #attention} computes. */
  private record Call(EncoderSpec spec, Floats q, Floats k, Floats v, Floats out) {}

  public EncoderLoops(Workers workers) {
    this.workers = workers;
    this.scratches = new Scratch[workers.threads()];
    Arrays.setAll(scratches, i -> new Scratch());
  }

  @Override
  public final void layerNorm(
      Floats x, Floats weight, @Nullable Floats bias, float eps, int rows, int dim, Floats out) {
    Shapes.checkRoom("a norm's input", x, (long) rows * dim);
    Shapes.checkRoom("a norm's output", out, (long) rows * dim);
    Shapes.checkRoom("a norm's weight", weight, dim);
    if (bias != null) {
      Shapes.checkRoom("a norm's bias", bias, dim);
    }
    workers.run(
        rows,
        1 + GRAIN / dim,
        (from, to, thread) -> layerNormBand(x, weight, bias, eps, from, to, dim, out, thread));
  }

  /** Norms of rows {@code from … to - 1}. */
  protected void layerNormBand(
      Floats x,
      Floats weight,
      @Nullable Floats bias,
      float eps,
      int from,
      int to,
      int dim,
      Floats out,
      int thread) {
    float[] factors = new float[dim];
    weight.get(0, factors, 0, dim);
    float[] shifts = null;
    if (bias != null) {
      shifts = new float[dim];
      bias.get(0, shifts, 0, dim);
    }
    float[] row = new float[dim];
    float[] lanes = new float[SpecLayers.LANES];
    for (int r = from; r < to; r++) {
      x.get((long) r * dim, row, 0, dim);
      layerNorm(row, factors, shifts, eps, dim, lanes);
      out.set((long) r * dim, row, 0, dim);
    }
  }

  @Override
  public final void activate(Activation act, Floats x, long count) {
    Shapes.checkRoom("an activation's input", x, count);
    int pieces = Math.toIntExact((count + GRAIN - 1) / GRAIN);
    workers.run(
        pieces,
        1,
        (from, to, thread) -> {
          long end = Math.min((long) to * GRAIN, count);
          activateBand(act, x, (long) from * GRAIN, end, thread);
        });
  }

  /** Elements {@code from … to - 1}. */
  protected void activateBand(Activation act, Floats x, long from, long to, int thread) {
    float[] values = new float[CHUNK];
    float[] work = new float[CHUNK];
    for (long at = from; at < to; at += CHUNK) {
      int n = (int) Math.min(CHUNK, to - at);
      x.get(at, values, 0, n);
      activate(act, values, work, n);
      x.set(at, values, 0, n);
    }
  }

  @Override
  public final void attention(
      EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out) {
    check(spec, starts);
    long size = (long) starts[starts.length - 1] * spec.width();
    Shapes.checkRoom("queries", q, size);
    Shapes.checkRoom("keys", k, size);
    Shapes.checkRoom("values", v, size);
    Shapes.checkRoom("an attention's output", out, size);
    attend(spec, starts, q, k, v, out);
  }

  /** Computes attention; shapes are checked. */
  protected void attend(EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out) {
    List<Run> runs = new ArrayList<>();
    for (int s = 0; s + 1 < starts.length; s++) {
      int length = starts[s + 1] - starts[s];
      for (int from = 0; from < length; from += TILE) {
        runs.add(new Run(starts[s], length, from, Math.min(length, from + TILE)));
      }
    }
    Call call = new Call(spec, q, k, v, out);
    workers.run(
        runs.size() * spec.heads(),
        1,
        (from, to, thread) -> {
          for (int job = from; job < to; job++) {
            run(call, runs.get(job / spec.heads()), job % spec.heads(), scratches[thread]);
          }
        });
  }

  private static void check(EncoderSpec spec, int[] starts) {
    boolean isSound =
        spec.heads() > 0
            && spec.headDim() > 0
            && spec.reach() >= 0
            && starts.length > 0
            && starts[0] == 0;
    for (int s = 0; isSound && s + 1 < starts.length; s++) {
      isSound = starts[s] < starts[s + 1];
    }
    if (!isSound) {
      throw new TensorException(
          Fault.of("an encoder's attention makes no sense")
              .got(spec + ", sequences from " + Arrays.toString(starts))
              .expected("at least one head, and sequences of at least one token"));
    }
  }

  private void run(Call call, Run run, int head, Scratch s) {
    EncoderSpec spec = call.spec;
    int dim = spec.headDim();
    s.room(dim);
    int queries = run.to - run.from;
    for (int t = 0; t < queries; t++) {
      call.q.get(at(spec, run.first + run.from + t, head), s.queries, t * dim, dim);
    }
    int low = SpecEncoder.low(spec, run.from);
    int high = SpecEncoder.high(spec, run.to - 1, run.length);
    for (int tile = low / TILE; tile <= (high - 1) / TILE; tile++) {
      load(call, run, head, tile, s);
      for (int t = 0; t < queries; t++) {
        int position = run.from + t;
        int first = SpecEncoder.low(spec, position);
        int from = Math.max(first - tile * TILE, 0);
        int end = SpecEncoder.high(spec, position, run.length);
        int to = Math.min(end - tile * TILE, TILE);
        if (from < to) {
          oneTile(spec, s, t, from, to, tile == first / TILE);
        }
      }
    }
    for (int t = 0; t < queries; t++) {
      for (int i = t * dim; i < (t + 1) * dim; i++) {
        s.merged[i] /= s.sum[t];
      }
      call.out.set(at(spec, run.first + run.from + t, head), s.merged, t * dim, dim);
    }
  }

  private static long at(EncoderSpec spec, int token, int head) {
    return (long) token * spec.width() + (long) head * spec.headDim();
  }

  /** Keys as {@code (dim, 64)}, values as {@code (64, dim)}; zeros where the sequence has ended. */
  private static void load(Call call, Run run, int head, int tile, Scratch s) {
    int dim = call.spec.headDim();
    int count = Math.min(run.length - tile * TILE, TILE);
    if (count < TILE) {
      Arrays.fill(s.keys, 0, dim * TILE, 0f);
    }
    for (int j = 0; j < count; j++) {
      long at = at(call.spec, run.first + tile * TILE + j, head);
      call.v.get(at, s.values, j * dim, dim);
      call.k.get(at, s.row, 0, dim);
      for (int i = 0; i < dim; i++) {
        s.keys[i * TILE + j] = s.row[i];
      }
    }
  }

  private void oneTile(EncoderSpec spec, Scratch s, int t, int from, int to, boolean isFirst) {
    int dim = spec.headDim();
    scores(s.queries, t * dim, dim, s.keys, spec.scale(), s.scores);
    Arrays.fill(s.scores, 0, from, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.scores, to, TILE, Float.NEGATIVE_INFINITY);
    float max = max(s.scores);
    float sum = exponentials(s.scores, max, s.lanes);
    weighted(s.scores, from, to, s.values, dim, s.weighted);
    if (isFirst) {
      s.max[t] = max;
      s.sum[t] = sum;
      System.arraycopy(s.weighted, 0, s.merged, t * dim, dim);
      return;
    }
    float newMax = Math.max(s.max[t], max);
    float keep = SpecMath.exp(s.max[t] - newMax);
    float take = SpecMath.exp(max - newMax);
    s.sum[t] = Math.fma(s.sum[t], keep, sum * take);
    s.max[t] = newMax;
    merge(s.merged, t * dim, keep, s.weighted, take, dim);
  }

  /** One row of {@link EncoderKernels#layerNorm} in place; {@code lanes} is scratch of 16. */
  protected void layerNorm(
      float[] x, float[] weight, float @Nullable [] bias, float eps, int dim, float[] lanes) {
    SpecEncoder.layerNorm(x, 0, weight, bias, eps, dim, x, 0);
  }

  /** {@code x = act(x)}; {@code work} is scratch, and both have room for whole vectors. */
  protected void activate(Activation act, float[] x, float[] work, int count) {
    for (int i = 0; i < count; i++) {
      x[i] = SpecEncoder.activate(act, x[i]);
    }
  }

  /** Scores of 64 keys, {@code (dim, 64)}, the keys side by side. */
  protected void scores(float[] q, int at, int dim, float[] keys, float scale, float[] scores) {
    Arrays.fill(scores, 0, TILE, 0f);
    for (int i = 0; i < dim; i++) {
      float value = q[at + i];
      int row = i * TILE;
      for (int j = 0; j < TILE; j++) {
        scores[j] = Math.fma(value, keys[row + j], scores[j]);
      }
    }
    for (int j = 0; j < TILE; j++) {
      scores[j] *= scale;
    }
  }

  /** The largest of 64 scores. */
  protected float max(float[] scores) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < TILE; j++) {
      max = Math.max(max, scores[j]);
    }
    return max;
  }

  /** Replaces 64 scores by {@code exp(score - max)}; returns their sum over 16 lanes. */
  protected float exponentials(float[] scores, float max, float[] lanes) {
    Arrays.fill(lanes, 0f);
    for (int j = 0; j < TILE; j++) {
      scores[j] = SpecMath.exp(scores[j] - max);
      lanes[j % SpecLayers.LANES] += scores[j];
    }
    return SpecLayers.tree(lanes);
  }

  /** {@code out[i] = Σ p[j] values[j][i]} over {@code from … to - 1}, ascending. */
  protected void weighted(float[] p, int from, int to, float[] values, int dim, float[] out) {
    Arrays.fill(out, 0, dim, 0f);
    for (int j = from; j < to; j++) {
      float factor = p[j];
      int row = j * dim;
      for (int i = 0; i < dim; i++) {
        out[i] = Math.fma(factor, values[row + i], out[i]);
      }
    }
  }

  /** {@code merged = fma(merged, keep, values * take)} for {@code dim} values. */
  protected void merge(float[] merged, int at, float keep, float[] values, float take, int dim) {
    for (int i = 0; i < dim; i++) {
      merged[at + i] = Math.fma(merged[at + i], keep, values[i] * take);
    }
  }
}
