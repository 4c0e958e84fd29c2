package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.FloatRows;
import dev.nearside.tensor.kernel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Products of weights and activations: which routine is called with what. */
final class MachineProducts {
  private static final int ROWS = PanelFormat.ROWS;

  private final Workers workers;
  private final Arguments arguments;
  private final Routines routines;
  private final MemorySegment edges; // results of a panel that is not full, of each thread
  private final MemorySegment results; // those of a panel that is being computed
  private final Scratch[] scratches;

  /** What a thread decodes blocks into. */
  private static final class Scratch {
    float[] row = new float[0];
    MemorySegment panel = MemorySegment.NULL;

    void room(int cols) {
      if (row.length < cols) {
        row = new float[cols];
        panel = Arena.ofAuto().allocate(FloatRoutine.panelBytes(TensorType.F32, cols), 64);
      }
    }
  }

  MachineProducts(Workers workers, Arguments arguments, Routines routines, Arena arena) {
    this.workers = workers;
    this.arguments = arguments;
    this.routines = routines;
    edges = arena.allocate(workers.threads() * tileBytes(), 64);
    results = arena.allocate(workers.threads() * tileBytes(), 64);
    scratches = new Scratch[workers.threads()];
    for (int i = 0; i < scratches.length; i++) {
      scratches[i] = new Scratch();
    }
  }

  private static long tileBytes() {
    return (long) TokenGroups.EACH * ROWS * Float.BYTES;
  }

  void multiply(MachineWeights weights, NativeActivations x, Floats out) {
    switch (weights) {
      case MachineWeights.Codes codes -> {
        exact(codes, x.exactGroups(), x, out);
        if (x.fastGroups().count() > 0) {
          fast(codes, x, out);
        }
      }
      case MachineWeights.Rows rows -> exact(rows, new TokenGroups(0, x.tokens()), x, out);
      case MachineWeights.Blocks blocks ->
          workers.share(
              blocks.panels(), (from, to, thread) -> blocks(blocks, x, out, from, to, thread));
    }
  }

  /** Panels {@code from … to - 1} meet tokens {@code first … end - 1}. */
  @FunctionalInterface
  private interface Meeting {
    void run(int first, int end, int from, int to, int thread);
  }

  // Items are the panels that the first group of tokens meets, then those of the second one, …
  private void share(int panels, TokenGroups groups, Meeting meeting) {
    workers.share(
        Math.multiplyExact(groups.count(), panels),
        (from, to, thread) -> {
          int next = from;
          while (next < to) {
            int group = next / panels;
            int first = next % panels;
            int last = Math.min(panels, first + to - next);
            meeting.run(groups.first(group), groups.end(group), first, last, thread);
            next += last - first;
          }
        });
  }

  private void exact(MachineWeights.Panels w, TokenGroups groups, NativeActivations x, Floats out) {
    share(
        w.panels(),
        groups,
        (first, end, from, to, thread) -> exact(w, x, first, end, out, from, to, thread));
  }

  private void fast(MachineWeights.Codes w, NativeActivations x, Floats out) {
    Routine routine = routines.fast(w.format());
    share(
        w.panels(),
        x.fastGroups(),
        (first, end, from, to, thread) -> {
          int count = end - first;
          arguments.put(thread, CodesRoutine.UNITS, w.cols() / w.format().unitCols());
          arguments.put(thread, CodesRoutine.TOKENS, x.fastBlocksOf(first));
          arguments.put(thread, FastRoutine.TURNS, FastRoutine.turns(count));
          arguments.put(thread, FastRoutine.COUNT, count);
          arguments.put(thread, FastRoutine.RESULTS, results.address() + thread * tileBytes());
          call(routine, w, from, to, first, count, out, thread);
        });
  }

  private void exact(
      MachineWeights.Panels w,
      NativeActivations x,
      int first,
      int end,
      Floats out,
      int from,
      int to,
      int thread) {
    int most = w.routines().size();
    if (end - first <= most) {
      some(w, x, out, from, to, first, end - first, 1, thread);
      return;
    }
    for (int panel = from; panel < to; panel++) {
      int tiles = w instanceof MachineWeights.Codes ? (end - first) / most : 1;
      some(w, x, out, panel, panel + 1, first, most, tiles, thread);
      for (int t = first + tiles * most; t < end; t += most) {
        some(w, x, out, panel, panel + 1, t, Math.min(most, end - t), 1, thread);
      }
    }
  }

  private void some(
      MachineWeights.Panels w,
      NativeActivations x,
      Floats out,
      int from,
      int to,
      int firstToken,
      int count,
      int tiles,
      int thread) {
    switch (w) {
      case MachineWeights.Codes codes -> {
        arguments.put(thread, CodesRoutine.UNITS, w.cols() / codes.format().unitCols());
        arguments.put(thread, CodesRoutine.TOKENS, x.blocksOf(firstToken));
        arguments.put(thread, CodesRoutine.TOKEN_BYTES, x.blockRowBytes());
        arguments.put(thread, CodesRoutine.TILES, tiles);
      }
      case MachineWeights.Rows rows -> {
        arguments.put(thread, FloatRoutine.COLS, w.cols());
        arguments.put(thread, FloatRoutine.VALUES, x.valuesOf(firstToken));
        arguments.put(thread, FloatRoutine.VALUE_BYTES, x.valueRowBytes());
      }
    }
    call(w.routines().get(count - 1), w, from, to, firstToken, tiles * count, out, thread);
  }

  private void call(
      Routine routine,
      MachineWeights.Panels w,
      int from,
      int to,
      int firstToken,
      int count,
      Floats out,
      int thread) {
    long data = w.data().address() + from * w.panelBytes();
    call(routine, data, w.panelBytes(), w.rows(), from, to, firstToken, count, out, thread);
  }

  /** Panel by panel: its rows are decoded, and multiplied as float32. */
  private void blocks(
      MachineWeights.Blocks w, NativeActivations x, Floats out, int from, int to, int thread) {
    Scratch s = scratches[thread];
    s.room(w.cols());
    int most = w.routines().size();
    for (int panel = from; panel < to; panel++) {
      decode(w, panel, s);
      for (int t = 0; t < x.tokens(); t += most) {
        int count = Math.min(most, x.tokens() - t);
        arguments.put(thread, FloatRoutine.COLS, w.cols());
        arguments.put(thread, FloatRoutine.VALUES, x.valuesOf(t));
        arguments.put(thread, FloatRoutine.VALUE_BYTES, x.valueRowBytes());
        Routine routine = w.routines().get(count - 1);
        long at = s.panel.address();
        call(routine, at, 0, w.rows(), panel, panel + 1, t, count, out, thread);
      }
    }
  }

  private static void decode(MachineWeights.Blocks w, int panel, Scratch s) {
    int rows = Math.min(ROWS, w.rows() - panel * ROWS);
    long rowBytes = w.type().bytes(w.cols());
    for (int r = 0; r < rows; r++) {
      long at = ((long) panel * ROWS + r) * rowBytes;
      FloatRows.read(w.type(), w.source(), at, s.row, 0, w.cols());
      for (int k = 0; k < w.cols(); k++) {
        s.panel.setAtIndex(Floats.LAYOUT, (long) k * ROWS + r, s.row[k]);
      }
    }
  }

  // The last panel may have fewer rows than it computes: those go to a place of their own first.
  private void call(
      Routine routine,
      long data,
      long panelBytes,
      int rows,
      int from,
      int to,
      int firstToken,
      int count,
      Floats out,
      int thread) {
    boolean hasEdge = to * ROWS > rows;
    int whole = hasEdge ? to - 1 : to;
    MemorySegment all = out.segment();
    arguments.put(thread, CodesRoutine.WEIGHTS, data);
    if (whole > from) {
      long start = ((long) firstToken * rows + (long) from * ROWS) * Float.BYTES;
      arguments.put(thread, CodesRoutine.PANELS, whole - from);
      arguments.put(thread, CodesRoutine.OUT, all.address() + start);
      arguments.put(thread, CodesRoutine.OUT_BYTES, (long) rows * Float.BYTES);
      routine.call(arguments.address(thread));
    }
    if (hasEdge) {
      long rowBytes = (long) ROWS * Float.BYTES;
      long at = thread * tileBytes();
      arguments.put(thread, CodesRoutine.WEIGHTS, data + (whole - from) * panelBytes);
      arguments.put(thread, CodesRoutine.PANELS, 1);
      arguments.put(thread, CodesRoutine.OUT, edges.address() + at);
      arguments.put(thread, CodesRoutine.OUT_BYTES, rowBytes);
      routine.call(arguments.address(thread));
      int left = rows - whole * ROWS;
      for (int t = 0; t < count; t++) {
        long place = (long) (firstToken + t) * rows + (long) whole * ROWS;
        MemorySegment.copy(
            edges, at + t * rowBytes, all, place * Float.BYTES, (long) left * Float.BYTES);
      }
    }
  }
}
