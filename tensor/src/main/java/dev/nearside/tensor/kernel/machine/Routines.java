package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activation;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.x86.Code;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The routines for this CPU, those of a shape assembled and placed when it is first used; their
 * memory stays until the program ends. {@code NEARSIDE_CPU} ({@code avx2}, {@code avx512} or {@code
 * amx}) has it taken for an older one.
 */
final class Routines {
  private static final System.Logger LOG = System.getLogger(Routines.class.getName());

  private static @Nullable Routines here;

  private final Map<TensorType, List<Routine>> products = new ConcurrentHashMap<>();
  private final Map<TensorType, Routine> fastProducts = new ConcurrentHashMap<>();
  private final Map<GatedActivation, Routine> gates = new ConcurrentHashMap<>();
  private final Map<AttentionRoutine.Shape, List<Routine>> attentions = new ConcurrentHashMap<>();
  private final Map<RopeShape, Routine> ropes = new ConcurrentHashMap<>();
  private final Map<Activation, Routine> activations = new ConcurrentHashMap<>();
  private final Map<Integer, Routine> stores = new ConcurrentHashMap<>();
  private final Map<Object, Boolean> checked = new HashMap<>();
  private final Routine rounding;
  private final Routine fastRounding;
  private final Routine norm;
  private final Routine sum;
  private final Routine cap;
  private final Routine layerNorm;

  private Routines() {
    Cpu cpu = Cpu.here().masked(System.getenv().getOrDefault("NEARSIDE_CPU", ""));
    if (!cpu.vnni()) {
      throw new MachineException("the CPU has no AVX-512 VNNI, or NEARSIDE_CPU hides it");
    }
    List<Routine> always =
        CodeSpace.of(
                List.of(
                    RoundingRoutine.exact(),
                    RoundingRoutine.fast(),
                    NormRoutine.assemble(),
                    SumRoutine.assemble(),
                    ElementRoutine.cap(),
                    NormRoutine.withMean()))
            .routines();
    rounding = always.get(0);
    fastRounding = always.get(1);
    norm = always.get(2);
    sum = always.get(3);
    cap = always.get(4);
    layerNorm = always.get(5);
  }

  /**
   * Those of this process.
   *
   * @throws MachineException when machine code can't be used here
   */
  static synchronized Routines here() {
    Routines known = here;
    if (known == null) {
      known = new Routines();
      here = known;
    }
    return known;
  }

  /** Products with codes of this format: with one token, with two, … */
  List<Routine> products(PanelFormat format) {
    return products.computeIfAbsent(
        format.reader().type(),
        type -> several(CodesRoutine.MOST_TOKENS, tokens -> CodesRoutine.assemble(format, tokens)));
  }

  /** Products with codes of this format in fast numerics. */
  Routine fast(PanelFormat format) {
    return fastProducts.computeIfAbsent(
        format.reader().type(), type -> one(() -> FastRoutine.assemble(format)));
  }

  /** Products with float rows of this type: with one token, with two, … */
  List<Routine> products(TensorType type) {
    return products.computeIfAbsent(
        type, t -> several(FloatRoutine.MOST_TOKENS, tokens -> FloatRoutine.assemble(t, tokens)));
  }

  /** Attention of one query, of two, …; and its end. */
  List<Routine> attention(AttentionRoutine.Shape shape) {
    return attentions.computeIfAbsent(
        shape,
        which ->
            several(
                AttentionRoutine.MOST_QUERIES + 1,
                queries ->
                    queries > AttentionRoutine.MOST_QUERIES
                        ? AttentionEnd.assemble(which.dim())
                        : AttentionRoutine.assemble(which, queries)));
  }

  /** Stores keys and values of heads of this width. */
  Routine store(int headDim) {
    return stores.computeIfAbsent(headDim, dim -> one(() -> StoreRoutine.assemble(dim)));
  }

  Routine gate(GatedActivation act) {
    return gates.computeIfAbsent(act, which -> one(() -> GateRoutine.assemble(which)));
  }

  Routine activation(Activation act) {
    return activations.computeIfAbsent(act, which -> one(() -> ElementRoutine.activation(which)));
  }

  Routine rope(RopeShape shape) {
    return ropes.computeIfAbsent(shape, which -> one(() -> RopeRoutine.assemble(which)));
  }

  /** Norms with a mean. */
  Routine layerNorm() {
    return layerNorm;
  }

  Routine cap() {
    return cap;
  }

  Routine sum() {
    return sum;
  }

  Routine rounding() {
    return rounding;
  }

  Routine fastRounding() {
    return fastRounding;
  }

  Routine norm() {
    return norm;
  }

  /** Whether something passes its check, which is made once in a process. */
  boolean works(Object what, Runnable check) {
    synchronized (checked) {
      Boolean known = checked.get(what);
      if (known != null) {
        return known;
      }
      checked.put(what, true); // before the check, which does the same
      try {
        check.run();
      } catch (MachineException e) {
        LOG.log(System.Logger.Level.WARNING, "no machine code serves for " + what, e);
        checked.put(what, false);
      }
      return Boolean.TRUE.equals(checked.get(what));
    }
  }

  private static List<Routine> several(int most, IntFunction<Code> assemble) {
    return CodeSpace.of(IntStream.rangeClosed(1, most).mapToObj(assemble).toList()).routines();
  }

  private static Routine one(Supplier<Code> assemble) {
    return CodeSpace.of(List.of(assemble.get())).routines().getFirst();
  }
}
