package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.x86.Code;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The routines for this CPU, each assembled and placed when it is first used; their memory stays
 * until the program ends. {@code NEARSIDE_CPU} ({@code avx2}, {@code avx512} or {@code amx}) has it
 * taken for an older one.
 */
final class Routines {
  private static @Nullable Routines here;

  private final Map<TensorType, List<Routine>> products = new EnumMap<>(TensorType.class);
  private final Map<GatedActivation, Routine> gates = new EnumMap<>(GatedActivation.class);
  private final Map<Integer, List<Routine>> attentions = new HashMap<>();
  private final Map<RopeRoutine.Shape, Routine> ropes = new HashMap<>();
  private @Nullable Routine rounding;
  private @Nullable Routine norm;
  private @Nullable Routine sum;

  private Routines() {
    Cpu cpu = Cpu.here().masked(System.getenv().getOrDefault("NEARSIDE_CPU", ""));
    if (!cpu.vnni()) {
      throw new MachineException("the CPU has no AVX-512 VNNI, or NEARSIDE_CPU hides it");
    }
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
  synchronized List<Routine> products(PanelFormat format) {
    return products.computeIfAbsent(
        format.reader().type(),
        type -> several(CodesRoutine.MOST_TOKENS, tokens -> CodesRoutine.assemble(format, tokens)));
  }

  /** Products with float rows of this type: with one token, with two, … */
  synchronized List<Routine> products(TensorType type) {
    return products.computeIfAbsent(
        type, t -> several(FloatRoutine.MOST_TOKENS, tokens -> FloatRoutine.assemble(t, tokens)));
  }

  /** Attention with heads of this width: of one query, of two, …; and its end. */
  synchronized List<Routine> attention(int headDim) {
    return attentions.computeIfAbsent(
        headDim,
        dim ->
            several(
                AttentionRoutine.MOST_QUERIES + 1,
                queries ->
                    queries > AttentionRoutine.MOST_QUERIES
                        ? AttentionEnd.assemble(dim)
                        : AttentionRoutine.assemble(dim, queries)));
  }

  synchronized Routine gate(GatedActivation act) {
    return gates.computeIfAbsent(act, which -> one(() -> GateRoutine.assemble(which)));
  }

  synchronized Routine rope(RopeRoutine.Shape shape) {
    return ropes.computeIfAbsent(shape, which -> one(() -> RopeRoutine.assemble(which)));
  }

  synchronized Routine sum() {
    Routine known = sum;
    if (known == null) {
      known = one(SumRoutine::assemble);
      sum = known;
    }
    return known;
  }

  synchronized Routine rounding() {
    Routine known = rounding;
    if (known == null) {
      known = one(RoundingRoutine::assemble);
      rounding = known;
    }
    return known;
  }

  synchronized Routine norm() {
    Routine known = norm;
    if (known == null) {
      known = one(NormRoutine::assemble);
      norm = known;
    }
    return known;
  }

  private static List<Routine> several(int most, IntFunction<Code> assemble) {
    return CodeSpace.of(IntStream.rangeClosed(1, most).mapToObj(assemble).toList()).routines();
  }

  private static Routine one(Supplier<Code> assemble) {
    return CodeSpace.of(List.of(assemble.get())).routines().getFirst();
  }
}
