package dev.nearside.tensor.kernel.machine;

import dev.nearside.base.Fault;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.BandedKernels;
import dev.nearside.tensor.kernel.EncoderKernels;
import dev.nearside.tensor.kernel.EncoderLoops;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.KvLayer;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.SpecRows;
import dev.nearside.tensor.kernel.TokenCount;
import dev.nearside.tensor.kernel.TokenRows;
import dev.nearside.tensor.kernel.Workers;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Exact numerics in machine code assembled at start, checked against the specification before it is
 * relied on. Shapes that no routine covers are computed as the specification has it.
 */
public final class MachineKernels extends BandedKernels {
  static final String LAYOUT = PackedWeights.VERSION + "-machine";

  private final Routines routines;
  private final Arguments arguments;
  private final MachineProducts products;
  private final MachineAttention attention;

  /**
   * @throws MachineException when machine code can't be used here
   */
  public MachineKernels(int threads) {
    this(Routines.here(), new Workers(threads));
  }

  private MachineKernels(Routines routines, Workers workers) {
    super("machine", workers, ours -> encoder(ours, routines));
    this.routines = routines;
    Arena arena = Arena.ofAuto();
    arguments = new Arguments(workers.threads(), arena);
    products = new MachineProducts(workers, arguments, routines, arena);
    attention = new MachineAttention(workers, arguments, routines);
  }

  private static EncoderKernels encoder(Workers workers, Routines routines) {
    MachineEncoder ours = new MachineEncoder(workers, routines);
    return routines.works("encoders", () -> SelfCheck.encoder(ours))
        ? ours
        : new EncoderLoops(workers);
  }

  /** Why there are no machine kernels here; empty where there are. */
  public static Optional<String> obstacle() {
    return Obstacle.FOUND;
  }

  /** Looked for once. */
  private static final class Obstacle {
    static final Optional<String> FOUND = find();

    private static Optional<String> find() {
      try (MachineKernels kernels = new MachineKernels(1)) {
        SelfCheck.layers(kernels);
        return Optional.empty();
      } catch (MachineException e) {
        return Optional.of(e.fault().message());
      } catch (IllegalCallerException e) {
        return Optional.of("Java refuses native access"); // --illegal-native-access=deny
      }
    }
  }

  @Override
  public Optional<String> layout() {
    return Optional.of(LAYOUT);
  }

  @Override
  public Optional<PackedWeights> adopt(
      TensorType type, int rows, int cols, MemorySegment packed, Arena arena) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    if (reader.isEmpty() && !FloatRoutine.has(type)) {
      return Optional.empty();
    }
    MachineWeights.Panels weights = panels(type, rows, cols, packed);
    return packed.byteSize() == weights.panels() * weights.panelBytes()
        ? Optional.of(weights)
        : Optional.empty();
  }

  private MachineWeights.Panels panels(TensorType type, int rows, int cols, MemorySegment data) {
    check(type);
    Optional<CodeReader> reader = CodeReaders.of(type);
    if (reader.isEmpty()) {
      return new MachineWeights.Rows(type, rows, cols, data, routines.products(type));
    }
    PanelFormat format = PanelFormat.of(reader.get());
    return new MachineWeights.Codes(format, rows, cols, data, routines.products(format));
  }

  private void check(TensorType type) {
    if (!routines.works(type, () -> SelfCheck.products(this, type))) {
      throw new MachineException("machine code computes wrong products here: " + type);
    }
  }

  @Override
  protected PackedWeights layOut(
      TensorType type, MemorySegment source, int rows, int cols, Arena arena) {
    Optional<CodeReader> reader = CodeReaders.of(type);
    long panels = PanelFormat.panels(rows);
    if (reader.isPresent()) {
      PanelFormat format = PanelFormat.of(reader.get());
      MemorySegment data = WeightMemory.allocate(panels * format.panelBytes(cols), arena);
      PanelPacker.pack(format, source, rows, cols, data, workers);
      WeightMemory.release(source);
      return panels(type, rows, cols, data);
    }
    if (FloatRoutine.has(type)) {
      MemorySegment data =
          WeightMemory.allocate(panels * FloatRoutine.panelBytes(type, cols), arena);
      FloatPacker.pack(type, source, rows, cols, data, workers);
      WeightMemory.release(source);
      return panels(type, rows, cols, data);
    }
    check(type);
    return new MachineWeights.Blocks(type, rows, cols, source, routines.products(TensorType.F32));
  }

  @Override
  public Activations newActivations(int maxTokens, int maxCols, Arena arena) {
    return new NativeActivations(maxTokens, maxCols, arena);
  }

  @Override
  public boolean hasFastNumerics() {
    return routines.works("fast numerics", () -> SelfCheck.fastProducts(this));
  }

  @Override
  public void prepare(Floats x, TokenCount tokens, int cols, Activations into) {
    NativeActivations target = own(into);
    target.shape(tokens, cols);
    checkRoom("an activation buffer", x, (long) tokens.all() * cols);
    workers.run(
        tokens.all(), 1 + GRAIN / cols, (from, to, thread) -> prepare(x, from, to, target, thread));
  }

  private void prepare(Floats x, int from, int to, NativeActivations into, int thread) {
    long rowBytes = into.valueRowBytes();
    MemorySegment.copy(
        x.segment(), from * rowBytes, into.values(), from * rowBytes, (to - from) * rowBytes);
    round(into, from, to, thread);
  }

  private void round(NativeActivations x, int from, int to, int thread) {
    int exact = Math.clamp(x.exact(), from, to);
    boolean isWhole = x.cols() % TokenBlock.COLS == 0;
    int step = isWhole ? exact - from : 1; // rows of whole blocks follow each other
    for (int t = from; t < exact; t += step) {
      arguments.put(thread, RoundingRoutine.BLOCKS, x.blocksOf(t));
      arguments.put(thread, RoundingRoutine.STEP, TokenBlock.BYTES);
      round(routines.rounding(), x, t, step, thread);
    }
    for (int t = exact; t < to; t++) {
      arguments.put(thread, RoundingRoutine.BLOCKS, x.fastBlocksOf(t));
      arguments.put(thread, RoundingRoutine.STEP, x.fastStep(t));
      round(routines.fastRounding(), x, t, 1, thread);
    }
  }

  private void round(Routine routine, NativeActivations x, int row, int count, int thread) {
    boolean isFinite = true;
    if (x.blocks() > 0) {
      arguments.put(thread, RoundingRoutine.VALUES, x.valuesOf(row));
      arguments.put(thread, RoundingRoutine.COUNT, (long) count * x.blocks());
      routine.call(arguments.address(thread));
      isFinite = arguments.get(thread, RoundingRoutine.FAULT) == 0;
    }
    if (!isFinite || x.cols() % TokenBlock.COLS != 0) {
      SpecRows.checkFinite(Floats.of(x.values()), row, count, x.cols());
    }
  }

  @Override
  public void gather(Activations from, int[] rows, int count, Activations into) {
    NativeActivations source = own(from);
    NativeActivations target = own(into);
    target.shape(new TokenCount(source.tokens(), source.exact()).of(rows, count), source.cols());
    for (int i = 0; i < count; i++) {
      checkRow(rows[i], source);
    }
    workers.run(
        count,
        1 + GRAIN / source.cols(),
        (first, to, thread) -> {
          for (int i = first; i < to; i++) {
            target.copyValues(source, rows[i], i);
          }
          round(target, first, to, thread);
        });
  }

  @Override
  protected void multiply(PackedWeights w, Activations x, Floats out) {
    if (!(w instanceof MachineWeights weights)) {
      throw new TensorException(Fault.of("weights of another provider").got(w.type()));
    }
    products.multiply(weights, own(x), out);
  }

  @Override
  protected void rmsNormBand(
      Floats x, Floats weight, float eps, int from, int to, int dim, Floats out, int thread) {
    if (dim % 16 != 0) {
      super.rmsNormBand(x, weight, eps, from, to, dim, out, thread);
      return;
    }
    NormRoutine.call(routines.norm(), arguments, thread, x, weight, eps, from, to, dim, out);
  }

  @Override
  protected void gatedBand(
      GatedActivation act, Floats gate, Floats up, long from, long to, Floats out, int thread) {
    long vectors = (to - from) / 16;
    if (vectors > 0) {
      long at = from * Float.BYTES;
      arguments.put(thread, GateRoutine.GATE, gate.segment().address() + at);
      arguments.put(thread, GateRoutine.UP, up.segment().address() + at);
      arguments.put(thread, GateRoutine.OUT, out.segment().address() + at);
      arguments.put(thread, GateRoutine.COUNT, vectors);
      routines.gate(act).call(arguments.address(thread));
    }
    super.gatedBand(act, gate, up, from + 16 * vectors, to, out, thread);
  }

  @Override
  protected void ropeBand(
      Floats x,
      TokenRows rows,
      int from,
      int to,
      int heads,
      RopeShape shape,
      Floats cosSin,
      int thread) {
    if (!RopeRoutine.has(shape)) {
      super.ropeBand(x, rows, from, to, heads, shape, cosSin, thread);
      return;
    }
    Routine routine = routines.rope(shape);
    long rowBytes = (long) heads * shape.headDim() * Float.BYTES;
    long tableBytes = (long) shape.ropeDim() * Float.BYTES;
    arguments.put(thread, RopeRoutine.COUNT, heads);
    for (int t = from; t < to; t++) {
      long table = rows.positions()[t] * tableBytes;
      arguments.put(thread, RopeRoutine.HEADS, x.segment().address() + t * rowBytes);
      arguments.put(thread, RopeRoutine.TABLE, cosSin.segment().address() + table);
      routine.call(arguments.address(thread));
    }
  }

  @Override
  protected void storeBand(
      KvLayer kv, TokenRows rows, Floats k, Floats v, int from, int to, int thread) {
    int dim = kv.headDim();
    if (kv.type() != TensorType.F16 || !StoreRoutine.has(dim)) {
      super.storeBand(kv, rows, k, v, from, to, thread);
      return;
    }
    long rowBytes = (long) kv.kvHeads() * dim * Float.BYTES;
    Routine routine = routines.store(dim);
    arguments.put(thread, StoreRoutine.COUNT, kv.kvHeads());
    for (int t = from; t < to; t++) {
      long head = kv.headAt(rows.block(t), 0);
      Objects.checkFromIndexSize(head, kv.blockBytes(), kv.keys().byteSize());
      Objects.checkFromIndexSize(head, kv.blockBytes(), kv.values().byteSize());
      long slot = (long) rows.slot(t) * Short.BYTES;
      arguments.put(thread, StoreRoutine.KEYS, k.segment().address() + t * rowBytes);
      arguments.put(thread, StoreRoutine.VALUES, v.segment().address() + t * rowBytes);
      arguments.put(thread, StoreRoutine.KEYS_OUT, kv.keys().address() + head + slot);
      arguments.put(thread, StoreRoutine.VALUES_OUT, kv.values().address() + head + slot * dim);
      routine.call(arguments.address(thread));
    }
  }

  @Override
  protected void softCapBand(Floats x, float cap, long from, long to, int thread) {
    long vectors = (to - from) / 16;
    if (vectors > 0) {
      arguments.put(thread, ElementRoutine.X, x.segment().address() + from * Float.BYTES);
      arguments.put(thread, ElementRoutine.COUNT, vectors);
      arguments.put(thread, ElementRoutine.CAP, cap);
      routines.cap().call(arguments.address(thread));
    }
    super.softCapBand(x, cap, from + 16 * vectors, to, thread);
  }

  @Override
  protected void addScaledBand(Floats x, Floats y, float s, long from, long to, int thread) {
    long vectors = (to - from) / 16;
    if (vectors > 0) {
      arguments.put(thread, SumRoutine.X, x.segment().address() + from * Float.BYTES);
      arguments.put(thread, SumRoutine.Y, y.segment().address() + from * Float.BYTES);
      arguments.put(thread, SumRoutine.FACTOR, s);
      arguments.put(thread, SumRoutine.COUNT, vectors);
      routines.sum().call(arguments.address(thread));
    }
    super.addScaledBand(x, y, s, from + 16 * vectors, to, thread);
  }

  @Override
  public void expect(AttentionSpec spec, TensorType kvType) {
    works(MachineAttention.shape(spec, kvType));
  }

  private boolean works(AttentionRoutine.Shape shape) {
    return shape.isCovered() && routines.works(shape, () -> SelfCheck.attention(this, shape));
  }

  @Override
  protected void attend(AttentionSpec spec, KvLayer kv, TokenRows rows, Floats q, Floats out) {
    AttentionRoutine.Shape shape = MachineAttention.shape(spec, kv.type());
    if (works(shape)) {
      attention.choose(shape);
      attention.attend(spec, kv, rows, q, out);
    } else {
      super.attend(spec, kv, rows, q, out);
    }
  }

  private static NativeActivations own(Activations activations) {
    if (activations instanceof NativeActivations ours) {
      return ours;
    }
    throw new TensorException(
        Fault.of("activations of another provider").got(activations.getClass().getSimpleName()));
  }
}
