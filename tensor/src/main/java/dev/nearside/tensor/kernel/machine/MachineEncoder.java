package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.EncoderLoops;
import dev.nearside.tensor.kernel.EncoderSpec;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What encoders need, in machine code; widths that no routine covers are left to plain loops. For
 * attention, keys and values are laid out as in a cache of float32.
 */
final class MachineEncoder extends EncoderLoops {
  /** Blocks that keys and values have at once, unless one sequence needs more. */
  private static final int BLOCKS = 64;

  private final Routines routines;
  private final Arguments arguments;
  private final EncoderAttention attention;
  private MemorySegment keys = MemorySegment.NULL;
  private MemorySegment values = MemorySegment.NULL;

  MachineEncoder(Workers workers, Routines routines) {
    super(workers);
    this.routines = routines;
    arguments = new Arguments(workers.threads(), Arena.ofAuto());
    attention = new EncoderAttention(workers, arguments, routines);
  }

  @Override
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
    if (dim % 16 != 0) {
      super.layerNormBand(x, weight, bias, eps, from, to, dim, out, thread);
      return;
    }
    long shifts = bias == null ? 0 : bias.segment().address();
    arguments.put(thread, NormRoutine.BIAS, shifts);
    NormRoutine.call(routines.layerNorm(), arguments, thread, x, weight, eps, from, to, dim, out);
  }

  @Override
  protected void activateBand(Activation act, Floats x, long from, long to, int thread) {
    long vectors = (to - from) / 16;
    if (vectors > 0) {
      arguments.put(thread, ElementRoutine.X, x.segment().address() + from * Float.BYTES);
      arguments.put(thread, ElementRoutine.COUNT, vectors);
      routines.activation(act).call(arguments.address(thread));
    }
    if (from + 16 * vectors < to) {
      super.activateBand(act, x, from + 16 * vectors, to, thread);
    }
  }

  @Override
  protected void attend(EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out) {
    int dim = spec.headDim();
    AttentionRoutine.Shape shape = new AttentionRoutine.Shape(dim, TensorType.F32, false);
    if (!shape.isCovered()
        || !routines.works("encoders, " + dim, () -> SelfCheck.encoderAttention(this, dim))) {
      super.attend(spec, starts, q, k, v, out);
      return;
    }
    attention.choose(shape);
    int first = 0;
    while (first + 1 < starts.length) {
      int end = someOf(starts, first);
      int from = starts[first];
      int[] part = IntStream.rangeClosed(first, end).map(s -> starts[s] - from).toArray();
      long at = (long) from * spec.width();
      long size = (long) part[end - first] * spec.width();
      some(
          spec, part, q.slice(at, size), k.slice(at, size), v.slice(at, size), out.slice(at, size));
      first = end;
    }
  }

  // After the last of the sequences, from the first on, whose keys and values are laid out at once.
  private static int someOf(int[] starts, int first) {
    int end = first + 1;
    int blocks = blocks(starts, first);
    while (end + 1 < starts.length && blocks + blocks(starts, end) <= BLOCKS) {
      blocks += blocks(starts, end++);
    }
    return end;
  }

  private static int blocks(int[] starts, int sequence) {
    return (starts[sequence + 1] - starts[sequence] + KvLayer.BLOCK - 1) / KvLayer.BLOCK;
  }

  private void some(EncoderSpec spec, int[] starts, Floats q, Floats k, Floats v, Floats out) {
    TokenRows rows = rows(starts);
    KvLayer kv = room(spec, rows);
    workers.run(rows.count(), 8, (from, to, thread) -> store(spec, kv, rows, k, v, from, to));
    attention.see(spec, starts);
    AttentionSpec layer =
        new AttentionSpec(spec.heads(), spec.heads(), spec.headDim(), spec.scale(), 0, 0, null);
    attention.attend(layer, kv, rows, q, out);
  }

  // Sequences take blocks one after the other.
  private static TokenRows rows(int[] starts) {
    int sequences = starts.length - 1;
    int count = starts[sequences];
    int[] positions = new int[count];
    int[] tables = new int[count];
    int[][] blocks = new int[sequences][];
    int next = 0;
    for (int s = 0; s < sequences; s++) {
      int length = starts[s + 1] - starts[s];
      blocks[s] = new int[blocks(starts, s)];
      for (int b = 0; b < blocks[s].length; b++) {
        blocks[s][b] = next++;
      }
      for (int p = 0; p < length; p++) {
        positions[starts[s] + p] = p;
        tables[starts[s] + p] = s;
      }
    }
    return new TokenRows(count, positions, tables, blocks);
  }

  private KvLayer room(EncoderSpec spec, TokenRows rows) {
    long blocks = 0;
    for (int[] table : rows.blockTables()) {
      blocks += table.length;
    }
    long bytes = blocks * KvLayer.BLOCK * spec.width() * Float.BYTES;
    if (keys.byteSize() < bytes) {
      keys = Arena.ofAuto().allocate(bytes, 64);
      values = Arena.ofAuto().allocate(bytes, 64);
    }
    return new KvLayer(keys, values, TensorType.F32, spec.heads(), spec.headDim());
  }

  private static void store(
      EncoderSpec spec, KvLayer kv, TokenRows rows, Floats k, Floats v, int from, int to) {
    int dim = spec.headDim();
    float[] key = new float[spec.width()];
    long rowBytes = (long) dim * Float.BYTES;
    for (int t = from; t < to; t++) {
      k.get((long) t * key.length, key, 0, key.length);
      for (int h = 0; h < spec.heads(); h++) {
        long head = kv.headAt(rows.block(t), h);
        long place = head / Float.BYTES + rows.slot(t);
        for (int i = 0; i < dim; i++) {
          kv.keys().setAtIndex(Floats.LAYOUT, place + (long) i * KvLayer.BLOCK, key[h * dim + i]);
        }
        long at = ((long) t * key.length + (long) h * dim) * Float.BYTES;
        MemorySegment.copy(v.segment(), at, kv.values(), head + rows.slot(t) * rowBytes, rowBytes);
      }
    }
  }
}
