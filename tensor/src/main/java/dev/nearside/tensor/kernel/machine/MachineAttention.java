package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionJobs;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Attention over keys and values of any type. A routine has up to four queries of a job meet a
 * tile; a query's number is {@code token * heads + head}.
 */
class MachineAttention extends AttentionJobs {
  private final Arguments arguments;
  private final Routines routines;
  private final Scratch[] scratches;
  private AttentionRoutine.Shape chosen = new AttentionRoutine.Shape(0, TensorType.F32, false);
  private List<Routine> ours = List.of();

  /** One thread's queries and what they have gathered. */
  private static final class Scratch {
    final MemorySegment weights =
        Arena.ofAuto()
            .allocate((long) AttentionRoutine.MOST_QUERIES * AttentionRoutine.WEIGHT_BYTES, 64);
    MemorySegment queries = MemorySegment.NULL;
    MemorySegment results = MemorySegment.NULL;
    MemorySegment states = MemorySegment.NULL;
    int[] from = new int[0];
    int[] to = new int[0];
    boolean[] isStarted = new boolean[0];

    void room(int dim, int count) {
      long bytes = (long) count * dim * Float.BYTES;
      if (queries.byteSize() < bytes) {
        queries = Arena.ofAuto().allocate(bytes, 64);
        results = Arena.ofAuto().allocate(bytes, 64);
      }
      if (isStarted.length < count) {
        states = Arena.ofAuto().allocate((long) count * AttentionRoutine.STATE_BYTES, 64);
        from = new int[count];
        to = new int[count];
        isStarted = new boolean[count];
      }
    }
  }

  MachineAttention(Workers workers, Arguments arguments, Routines routines) {
    super(workers);
    this.arguments = arguments;
    this.routines = routines;
    scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  /** The routines that it takes. */
  static AttentionRoutine.Shape shape(AttentionSpec spec, TensorType kvType) {
    return new AttentionRoutine.Shape(spec.headDim(), kvType, spec.softCap() != 0);
  }

  /** The next calls take these routines. */
  void choose(AttentionRoutine.Shape shape) {
    if (!chosen.equals(shape)) {
      chosen = shape;
      ours = routines.attention(shape);
    }
  }

  @Override
  protected void job(int firstToken, int tokens, int firstHead, int heads, int thread) {
    Scratch s = scratches[thread];
    AttentionSpec spec = spec();
    int dim = spec.headDim();
    int queries = tokens * heads;
    s.room(dim, queries);
    long rowBytes = (long) heads * dim * Float.BYTES;
    for (int t = 0; t < tokens; t++) {
      long at = queryAt(firstToken + t, firstHead) * Float.BYTES;
      MemorySegment.copy(q().segment(), at, s.queries, t * rowBytes, rowBytes);
    }
    Arrays.fill(s.isStarted, 0, queries, false);
    arguments.put(thread, AttentionRoutine.WEIGHTS, s.weights.address());
    arguments.put(thread, AttentionRoutine.SCALE, spec.scale());
    arguments.put(thread, AttentionRoutine.CAP, spec.softCap());
    int last = lastTile(firstToken, tokens);
    for (int tile = firstTile(firstToken, tokens); tile <= last; tile++) {
      for (int t = 0; t < tokens; t++) {
        int from = visibleFrom(firstToken + t, tile);
        int to = visibleTo(firstToken + t, tile);
        Arrays.fill(s.from, t * heads, (t + 1) * heads, from);
        Arrays.fill(s.to, t * heads, (t + 1) * heads, to);
      }
      long head = headAt(firstToken, tile, firstHead);
      arguments.put(thread, AttentionRoutine.KEYS, kv().keys().address() + head);
      arguments.put(thread, AttentionRoutine.VALUES, kv().values().address() + head);
      tile(queries, dim, s, thread);
    }
    if (spec.sinks() != null) {
      for (int query = 0; query < queries; query++) {
        sink(spec.sinks().get(firstHead + query % heads), query, dim, s);
      }
    }
    for (int t = 0; t < tokens; t++) {
      long at = queryAt(firstToken + t, firstHead) * Float.BYTES;
      arguments.put(thread, AttentionEnd.RESULTS, s.results.address() + t * rowBytes);
      arguments.put(thread, AttentionEnd.STATES, state(s, t * heads));
      arguments.put(thread, AttentionEnd.OUT, out().segment().address() + at);
      arguments.put(thread, AttentionEnd.COUNT, heads);
      ours.getLast().call(arguments.address(thread));
    }
  }

  private static long state(Scratch s, int query) {
    return s.states.address() + (long) query * AttentionRoutine.STATE_BYTES;
  }

  // Queries that see the same part of the tile meet it together.
  private void tile(int queries, int dim, Scratch s, int thread) {
    int query = 0;
    while (query < queries) {
      int from = s.from[query];
      int to = s.to[query];
      boolean isStarted = s.isStarted[query];
      int count = 1;
      while (count < AttentionRoutine.MOST_QUERIES
          && query + count < queries
          && s.from[query + count] == from
          && s.to[query + count] == to
          && s.isStarted[query + count] == isStarted) {
        count++;
      }
      if (from < to) {
        long bytes = (long) query * dim * Float.BYTES;
        arguments.put(thread, AttentionRoutine.QUERIES, s.queries.address() + bytes);
        arguments.put(thread, AttentionRoutine.RESULTS, s.results.address() + bytes);
        arguments.put(thread, AttentionRoutine.STATES, state(s, query));
        arguments.put(thread, AttentionRoutine.FROM, from);
        arguments.put(thread, AttentionRoutine.TO, to);
        arguments.put(thread, AttentionRoutine.IS_STARTED, isStarted ? 1 : 0);
        arguments.put(thread, AttentionRoutine.HIDDEN, hidden(from, to));
        ours.get(count - 1).call(arguments.address(thread));
        Arrays.fill(s.isStarted, query, query + count, true);
      }
      query += count;
    }
  }

  /** A bit for each position of a tile that is not among {@code from … to - 1}. */
  static long hidden(int from, int to) {
    return ~(-1L >>> (TILE - to) & -1L << from);
  }

  // A logit that takes part in a query's softmax without a value.
  private static void sink(float sink, int query, int dim, Scratch s) {
    long at = (long) query * AttentionRoutine.STATE_BYTES;
    float max = s.states.get(Floats.LAYOUT, at);
    float sum = s.states.get(Floats.LAYOUT, at + AttentionRoutine.STATE_BYTES / 2);
    float newMax = Math.max(max, sink);
    float keep = SpecMath.exp(max - newMax);
    float newSum = Math.fma(sum, keep, SpecMath.exp(sink - newMax));
    for (int i = 0; i < 16; i++) {
      s.states.set(Floats.LAYOUT, at + AttentionRoutine.STATE_BYTES / 2 + 4L * i, newSum);
    }
    for (long i = (long) query * dim; i < (query + 1L) * dim; i++) {
      s.results.setAtIndex(Floats.LAYOUT, i, s.results.getAtIndex(Floats.LAYOUT, i) * keep);
    }
  }
}
