package dev.nearside.tensor.kernel.vector;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionJobs;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.SpecKv;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Attention by tiles, each decoded once for all queries of a job. */
final class Attention extends AttentionJobs {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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

  Attention(Workers workers) {
    super(workers);
    this.scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  @Override
  protected void job(int firstToken, int tokens, int firstHead, int heads, int thread) {
    Scratch s = scratches[thread];
    AttentionSpec spec = spec();
    int dim = spec.headDim();
    s.room(dim, tokens * heads);
    for (int t = 0; t < tokens; t++) {
      q().get(queryAt(firstToken + t, firstHead), s.queries, t * heads * dim, heads * dim);
    }
    Arrays.fill(s.isStarted, 0, tokens * heads, false);
    boolean isCoded = kv().type() == TensorType.Q8_0;
    int last = lastTile(firstToken, tokens);
    for (int tile = firstTile(firstToken, tokens); tile <= last; tile++) {
      decode(kv(), headAt(firstToken, tile, firstHead), s);
      for (int t = 0; t < tokens; t++) {
        int from = visibleFrom(firstToken + t, tile);
        int to = visibleTo(firstToken + t, tile);
        for (int h = 0; from < to && h < heads; h++) {
          oneTile(spec, isCoded, s, t * heads + h, from, to);
        }
      }
    }
    for (int t = 0; t < tokens; t++) {
      for (int h = 0; h < heads; h++) {
        finish(spec, s, t * heads + h, firstHead + h);
      }
      out().set(queryAt(firstToken + t, firstHead), s.merged, t * heads * dim, heads * dim);
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
