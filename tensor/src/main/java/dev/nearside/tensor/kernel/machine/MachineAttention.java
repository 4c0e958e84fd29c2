package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.SpecAttention;
import dev.nearside.tensor.kernel.SpecMath;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Attention over f16 keys and values. A job is a run of up to 16 tokens of one sequence and some of
 * the query heads of one key/value head; a routine has up to four of its queries meet a tile.
 */
final class MachineAttention {
  private static final int TILE = KvLayer.BLOCK;
  private static final int MAX_RUN = 16;

  private final Workers workers;
  private final Arguments arguments;
  private final Routines routines;
  private final Scratch[] scratches;

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

  /** What one call computes. */
  private record Call(
      AttentionSpec spec,
      KvLayer kv,
      TokenRows rows,
      Floats q,
      Floats out,
      int[] runs,
      int headParts,
      List<Routine> routines) {
    int group() {
      return spec.heads() / spec.kvHeads();
    }
  }

  /** Some query heads of a run of tokens; a query's number is {@code token * heads + head}. */
  private record Job(int firstToken, int tokens, int kvHead, int firstHead, int heads) {
    int queries() {
      return tokens * heads;
    }
  }

  MachineAttention(Workers workers, Arguments arguments, Routines routines) {
    this.workers = workers;
    this.arguments = arguments;
    this.routines = routines;
    scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  /** Whether there are routines for it. */
  static boolean has(AttentionSpec spec, KvLayer kv) {
    return kv.type() == TensorType.F16
        && spec.softCap() == 0
        && AttentionRoutine.has(spec.headDim());
  }

  void attend(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    if (rows.count() == 0) {
      return;
    }
    int[] runs = runs(rows);
    int jobs = (runs.length - 1) * spec.kvHeads();
    int group = spec.heads() / spec.kvHeads();
    int parts = Math.min(group, Math.max(1, (workers.threads() + jobs - 1) / jobs));
    List<Routine> ours = routines.attention(spec.headDim());
    Call call = new Call(spec, kv, rows, q, out, runs, parts, ours);
    workers.run(
        jobs * parts,
        1,
        (from, to, thread) -> {
          for (int i = from; i < to; i++) {
            run(call, job(call, i), thread);
          }
        });
  }

  private static Job job(Call call, int number) {
    int parts = call.headParts;
    int kvHeads = call.spec.kvHeads();
    int part = number % parts;
    int kvHead = number / parts % kvHeads;
    int run = number / parts / kvHeads;
    int group = call.group();
    int first = group * part / parts;
    return new Job(
        call.runs[run],
        call.runs[run + 1] - call.runs[run],
        kvHead,
        kvHead * group + first,
        group * (part + 1) / parts - first);
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

  private void run(Call call, Job job, int thread) {
    Scratch s = scratches[thread];
    AttentionSpec spec = call.spec;
    int dim = spec.headDim();
    s.room(dim, job.queries());
    long rowBytes = (long) job.heads * dim * Float.BYTES;
    for (int t = 0; t < job.tokens; t++) {
      MemorySegment.copy(call.q.segment(), at(call, job, t), s.queries, t * rowBytes, rowBytes);
    }
    Arrays.fill(s.isStarted, 0, job.queries(), false);
    int[] positions = call.rows.positions();
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int t = job.firstToken; t < job.firstToken + job.tokens; t++) {
      low = Math.min(low, SpecAttention.firstVisible(spec, positions[t]));
      high = Math.max(high, positions[t]);
    }
    int[] table = call.rows.blockTables()[call.rows.tables()[job.firstToken]];
    arguments.put(thread, AttentionRoutine.WEIGHTS, s.weights.address());
    arguments.put(thread, AttentionRoutine.SCALE, spec.scale());
    for (int tile = low / TILE; tile <= high / TILE; tile++) {
      bounds(call, job, tile, s);
      tile(call, job, call.kv.headAt(table[tile], job.kvHead), s, thread);
    }
    if (spec.sinks() != null) {
      sinks(spec.sinks(), job, dim, s);
    }
    for (int t = 0; t < job.tokens; t++) {
      int query = t * job.heads;
      arguments.put(thread, AttentionEnd.RESULTS, s.results.address() + t * rowBytes);
      arguments.put(thread, AttentionEnd.STATES, state(s, query));
      arguments.put(thread, AttentionEnd.OUT, call.out.segment().address() + at(call, job, t));
      arguments.put(thread, AttentionEnd.COUNT, job.heads);
      call.routines.getLast().call(arguments.address(thread));
    }
  }

  // Where a token's first query of the job stands, in bytes.
  private static long at(Call call, Job job, int token) {
    long first = (long) (job.firstToken + token) * call.spec.heads() + job.firstHead;
    return first * call.spec.headDim() * Float.BYTES;
  }

  private static long state(Scratch s, int query) {
    return s.states.address() + (long) query * AttentionRoutine.STATE_BYTES;
  }

  // What each query sees of a tile.
  private static void bounds(Call call, Job job, int tile, Scratch s) {
    for (int t = 0; t < job.tokens; t++) {
      int position = call.rows.positions()[job.firstToken + t];
      int low = SpecAttention.firstVisible(call.spec, position);
      int from = Math.max(low - tile * TILE, 0);
      int to = Math.min(position - tile * TILE, TILE - 1) + 1;
      Arrays.fill(s.from, t * job.heads, (t + 1) * job.heads, from);
      Arrays.fill(s.to, t * job.heads, (t + 1) * job.heads, to);
    }
  }

  // Queries that see the same part of the tile meet it together.
  private void tile(Call call, Job job, long head, Scratch s, int thread) {
    int dim = call.spec.headDim();
    arguments.put(thread, AttentionRoutine.KEYS, call.kv.keys().address() + head);
    arguments.put(thread, AttentionRoutine.VALUES, call.kv.values().address() + head);
    int query = 0;
    while (query < job.queries()) {
      int from = s.from[query];
      int to = s.to[query];
      boolean isStarted = s.isStarted[query];
      int count = 1;
      while (count < AttentionRoutine.MOST_QUERIES
          && query + count < job.queries()
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
        call.routines.get(count - 1).call(arguments.address(thread));
        Arrays.fill(s.isStarted, query, query + count, true);
      }
      query += count;
    }
  }

  /** A bit for each position of a tile that is not among {@code from … to - 1}. */
  static long hidden(int from, int to) {
    return ~(-1L >>> (TILE - to) & -1L << from);
  }

  private static void sinks(Floats sinks, Job job, int dim, Scratch s) {
    for (int query = 0; query < job.queries(); query++) {
      float sink = sinks.get(job.firstHead + query % job.heads);
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
}
