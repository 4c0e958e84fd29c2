package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.SpecAttention;
import dev.nearside.tensor.kernel.SpecKv;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Attention by tiles. A job is a run of up to 16 tokens of one sequence and some of the query heads
 * of one key/value head: each tile of keys and values is decoded once for all of them.
 */
final class Attention {
  private static final int TILE = KvLayer.BLOCK;
  private static final int MAX_RUN = 16;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Workers workers;
  private final Scratch[] scratches;

  /** One thread's arrays. */
  private static final class Scratch {
    final float[] scores = new float[TILE];
    final float[] work = new float[TILE];
    final float[] lanes = new float[16];
    byte[] codes = new byte[0];
    short[] halves = new short[0];
    float[] keys = new float[0];
    float[] values = new float[0];
    float[] keyScales = new float[0];
    float[] valueScales = new float[0];
    float[] weights = new float[0];
    float[] weighted = new float[0];
    float[] queries = new float[0];
    float[] merged = new float[0];
    float[] max = new float[0];
    float[] sum = new float[0];
    boolean[] isStarted = new boolean[0];

    void room(int dim, int states) {
      if (keys.length < dim * TILE) {
        halves = new short[dim * TILE];
        keys = new float[dim * TILE];
        values = new float[dim * TILE];
        codes = new byte[dim * TILE];
        keyScales = new float[dim / SpecKv.GROUP * TILE];
        valueScales = new float[dim / SpecKv.GROUP * TILE];
        weights = new float[dim / SpecKv.GROUP * TILE];
        weighted = new float[dim];
      }
      if (merged.length < states * dim) {
        queries = new float[states * dim];
        merged = new float[states * dim];
      }
      if (max.length < states) {
        max = new float[states];
        sum = new float[states];
        isStarted = new boolean[states];
      }
    }
  }

  /** What one call computes. */
  private record Call(
      AttentionSpec spec,
      KvLayer kv,
      TokenRows rows,
      Floats q,
      Floats out,
      int[] runs,
      int headParts) {
    int group() {
      return spec.heads() / spec.kvHeads();
    }
  }

  Attention(Workers workers) {
    this.workers = workers;
    this.scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  void attend(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    if (rows.count() == 0) {
      return;
    }
    int[] runs = runs(rows);
    int jobs = (runs.length - 1) * spec.kvHeads();
    int group = spec.heads() / spec.kvHeads();
    int parts = Math.min(group, Math.max(1, (workers.threads() + jobs - 1) / jobs));
    Call call = new Call(spec, kv, rows, q, out, runs, parts);
    workers.run(
        jobs * parts,
        1,
        (from, to, thread) -> {
          for (int job = from; job < to; job++) {
            int head = job / parts;
            run(call, head / spec.kvHeads(), head % spec.kvHeads(), job % parts, scratches[thread]);
          }
        });
  }

  /** First tokens of runs, and the end: tokens of one sequence, at most 16 of them. */
  private static int[] runs(TokenRows rows) {
    int[] starts = new int[rows.count() + 1];
    int count = 0;
    for (int t = 0; t < rows.count(); t++) {
      boolean isNew =
          t == 0 || rows.tables()[t] != rows.tables()[t - 1] || t - starts[count - 1] == MAX_RUN;
      if (isNew) {
        starts[count++] = t;
      }
    }
    starts[count++] = rows.count();
    return Arrays.copyOf(starts, count);
  }

  private static void run(Call call, int run, int kvHead, int part, Scratch s) {
    AttentionSpec spec = call.spec;
    int dim = spec.headDim();
    int firstHead = kvHead * call.group() + call.group() * part / call.headParts;
    int heads = kvHead * call.group() + call.group() * (part + 1) / call.headParts - firstHead;
    int firstToken = call.runs[run];
    int tokens = call.runs[run + 1] - firstToken;
    int[] positions = call.rows.positions();
    s.room(dim, tokens * heads);
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int t = 0; t < tokens; t++) {
      int position = positions[firstToken + t];
      low = Math.min(low, SpecAttention.firstVisible(spec, position));
      high = Math.max(high, position);
      long at = ((long) (firstToken + t) * spec.heads() + firstHead) * dim;
      call.q.get(at, s.queries, t * heads * dim, heads * dim);
    }
    Arrays.fill(s.isStarted, 0, tokens * heads, false);
    boolean isCoded = call.kv.type() == TensorType.Q8_0;
    int[] table = call.rows.blockTables()[call.rows.tables()[firstToken]];
    for (int tile = low / TILE; tile <= high / TILE; tile++) {
      decode(call.kv, call.kv.headAt(table[tile], kvHead), s);
      for (int t = 0; t < tokens; t++) {
        int position = positions[firstToken + t];
        int from = Math.max(SpecAttention.firstVisible(spec, position) - tile * TILE, 0);
        int to = Math.min(position - tile * TILE, TILE - 1) + 1;
        for (int h = 0; from < to && h < heads; h++) {
          oneTile(spec, isCoded, s, t * heads + h, from, to);
        }
      }
    }
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        finish(spec, s, t * heads + h, firstHead + h);
      }
      long at = ((long) (firstToken + t) * spec.heads() + firstHead) * dim;
      call.out.set(at, s.merged, t * heads * dim, heads * dim);
    }
  }

  private static void oneTile(
      AttentionSpec spec, boolean isCoded, Scratch s, int state, int from, int to) {
    int dim = spec.headDim();
    float[] scores = s.scores;
    int query = state * dim;
    if (isCoded) {
      AttentionCodes.scores(s.queries, query, dim, s.keys, s.keyScales, spec.scale(), scores);
    } else {
      AttentionTiles.scores(s.queries, query, dim, s.keys, spec.scale(), scores);
    }
    if (spec.softCap() != 0) {
      VectorMath.softCap(scores, s.work, TILE, spec.softCap());
    }
    Arrays.fill(scores, 0, from, Float.NEGATIVE_INFINITY);
    Arrays.fill(scores, to, TILE, Float.NEGATIVE_INFINITY);
    float max = VectorLayers.max(scores, TILE);
    float sum = VectorLayers.exponentials(scores, TILE, max, s.lanes);
    if (isCoded) {
      AttentionCodes.weigh(scores, s.valueScales, dim / SpecKv.GROUP, s.weights);
      AttentionCodes.values(s.weights, from, to, s.values, dim, s.weighted);
    } else {
      AttentionTiles.values(scores, from, to, s.values, dim, s.weighted);
    }
    if (!s.isStarted[state]) {
      s.isStarted[state] = true;
      s.max[state] = max;
      s.sum[state] = sum;
      System.arraycopy(s.weighted, 0, s.merged, state * dim, dim);
      return;
    }
    float newMax = Math.max(s.max[state], max);
    float keep = SpecMath.exp(s.max[state] - newMax);
    float take = SpecMath.exp(max - newMax);
    s.sum[state] = Math.fma(s.sum[state], keep, sum * take);
    AttentionTiles.merge(s.merged, state * dim, keep, s.weighted, take, dim);
    s.max[state] = newMax;
  }

  private static void finish(AttentionSpec spec, Scratch s, int state, int head) {
    int dim = spec.headDim();
    float sum = s.sum[state];
    Floats sinks = spec.sinks();
    if (sinks != null) {
      float sink = sinks.get(head);
      float newMax = Math.max(s.max[state], sink);
      float keep = SpecMath.exp(s.max[state] - newMax);
      sum = Math.fma(sum, keep, SpecMath.exp(sink - newMax));
      for (int i = state * dim; i < (state + 1) * dim; i++) {
        s.merged[i] *= keep;
      }
    }
    for (int i = state * dim; i < (state + 1) * dim; i++) {
      s.merged[i] /= sum;
    }
  }

  /** Keys and values of the head that begins at byte {@code head} of both pools, as float32. */
  private static void decode(KvLayer kv, long head, Scratch s) {
    int dim = kv.headDim();
    int count = dim * TILE;
    switch (kv.type()) {
      case F32 -> {
        MemorySegment.copy(kv.keys(), Floats.LAYOUT, head, s.keys, 0, count);
        MemorySegment.copy(kv.values(), Floats.LAYOUT, head, s.values, 0, count);
      }
      case Q8_0 -> {
        int groups = dim / SpecKv.GROUP;
        codes(kv.keys(), head, count, s.codes, s.keys);
        halves(kv.keys(), head + count, groups * TILE, s.halves, s.keyScales);
        codes(kv.values(), head, count, s.codes, s.values);
        halves(kv.values(), head + count, groups * TILE, s.halves, s.weights);
        for (int g = 0; g < groups; g++) {
          for (int j = 0; j < TILE; j++) {
            s.valueScales[g * TILE + j] = s.weights[j * groups + g];
          }
        }
      }
      default -> {
        halves(kv.keys(), head, count, s.halves, s.keys);
        halves(kv.values(), head, count, s.halves, s.values);
      }
    }
  }

  // C2 turns both loops into the CPU's conversions.
  private static void halves(MemorySegment pool, long at, int count, short[] halves, float[] out) {
    MemorySegment.copy(pool, SHORT, at, halves, 0, count);
    for (int i = 0; i < count; i++) {
      out[i] = Float.float16ToFloat(halves[i]);
    }
  }

  private static void codes(MemorySegment pool, long at, int count, byte[] codes, float[] out) {
    MemorySegment.copy(pool, ValueLayout.JAVA_BYTE, at, codes, 0, count);
    for (int i = 0; i < count; i++) {
      out[i] = codes[i];
    }
  }
}
