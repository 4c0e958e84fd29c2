package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.ExactActivations;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.kernel.vector.VectorKernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Exact numerics in machine code assembled at start; what has no routine yet is a vector kernel.
 */
public final class MachineKernels extends VectorKernels {
  private static final String LAYOUT = "machine-1";

  private final Routines routines;
  private final NativeTokens tokens = new NativeTokens();
  private final MemorySegment arguments; // of each thread
  private final MemorySegment edge; // outputs of a panel that is not full, of each thread

  /**
   * @throws MachineException when machine code can't be used here
   */
  public MachineKernels(int threads) {
    super("machine", threads);
    routines = Routines.here();
    Arena arena = Arena.ofAuto();
    arguments = arena.allocate((long) threads * CodesRoutine.ARGUMENT_BYTES, 64);
    edge = arena.allocate((long) threads * edgeBytes(), 64);
  }

  /** Why there are no machine kernels here; empty where there are. */
  public static Optional<String> obstacle() {
    try {
      Routines.here();
      return Optional.empty();
    } catch (MachineException e) {
      return Optional.of(e.fault().message());
    }
  }

  private static long edgeBytes() {
    return (long) CodesRoutine.MOST_TOKENS * PanelFormat.ROWS * Float.BYTES;
  }

  @Override
  public Optional<String> layout() {
    return super.layout().map(layout -> layout + "+" + LAYOUT);
  }

  @Override
  public Optional<PackedWeights> adopt(
      TensorType type, int rows, int cols, MemorySegment packed, Arena arena) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    if (reader.isEmpty()) {
      return super.adopt(type, rows, cols, packed, arena);
    }
    PanelFormat format = PanelFormat.of(reader.get());
    long bytes = PanelFormat.panels(rows) * format.panelBytes(cols);
    return packed.byteSize() == bytes
        ? Optional.of(weights(format, rows, cols, packed))
        : Optional.empty();
  }

  private MachineWeights weights(PanelFormat format, int rows, int cols, MemorySegment data) {
    return new MachineWeights(format, rows, cols, data, routines.products(format));
  }

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    if (reader.isEmpty()) {
      return super.layOut(type, source, rows, cols, arena);
    }
    PanelFormat format = PanelFormat.of(reader.get());
    MemorySegment data = arena.allocate(PanelFormat.panels(rows) * format.panelBytes(cols), 64);
    PanelPacker.pack(format, source, rows, cols, data, workers);
    return weights(format, rows, cols, data);
  }

  @Override
  protected void multiply(PackedWeights w, ExactActivations x, Floats out) {
    if (!(w instanceof MachineWeights weights)) {
      super.multiply(w, x, out);
      return;
    }
    tokens.hold(x, workers);
    int count = x.tokens();
    workers.run(
        weights.panels(),
        1,
        (from, to, thread) -> {
          if (count <= CodesRoutine.MOST_TOKENS) {
            panels(weights, from, to, 0, count, out, thread);
            return;
          }
          for (int panel = from; panel < to; panel++) {
            for (int t = 0; t < count; t += CodesRoutine.MOST_TOKENS) {
              int some = Math.min(CodesRoutine.MOST_TOKENS, count - t);
              panels(weights, panel, panel + 1, t, some, out, thread);
            }
          }
        });
  }

  // The last panel may have fewer rows than it computes: those go to a place of their own first.
  private void panels(
      MachineWeights w, int from, int to, int firstToken, int count, Floats out, int thread) {
    boolean hasEdge = to * PanelFormat.ROWS > w.rows();
    int whole = hasEdge ? to - 1 : to;
    MemorySegment results = out.segment();
    long start = ((long) firstToken * w.rows() + (long) from * PanelFormat.ROWS) * Float.BYTES;
    if (whole > from) {
      long rowBytes = (long) w.rows() * Float.BYTES;
      call(w, from, whole - from, firstToken, count, results.address() + start, rowBytes, thread);
    }
    if (hasEdge) {
      long rowBytes = (long) PanelFormat.ROWS * Float.BYTES;
      long at = thread * edgeBytes();
      call(w, whole, 1, firstToken, count, edge.address() + at, rowBytes, thread);
      int left = w.rows() - whole * PanelFormat.ROWS;
      for (int t = 0; t < count; t++) {
        long place = (long) (firstToken + t) * w.rows() + (long) whole * PanelFormat.ROWS;
        MemorySegment.copy(
            edge, at + t * rowBytes, results, place * Float.BYTES, (long) left * Float.BYTES);
      }
    }
  }

  private void call(
      MachineWeights w,
      int panel,
      int count,
      int firstToken,
      int some,
      long out,
      long outRowBytes,
      int thread) {
    PanelFormat format = w.format();
    long at = (long) thread * CodesRoutine.ARGUMENT_BYTES;
    put(at + CodesRoutine.WEIGHTS, w.data().address() + panel * format.panelBytes(w.cols()));
    put(at + CodesRoutine.PANELS, count);
    put(at + CodesRoutine.UNITS, w.cols() / format.unitCols());
    put(at + CodesRoutine.TOKENS, tokens.address(firstToken));
    put(at + CodesRoutine.TOKEN_BYTES, tokens.rowBytes());
    put(at + CodesRoutine.OUT, out);
    put(at + CodesRoutine.OUT_BYTES, outRowBytes);
    w.routines().get(some - 1).call(arguments.address() + at);
  }

  private void put(long at, long value) {
    arguments.set(ValueLayout.JAVA_LONG, at, value);
  }
}
