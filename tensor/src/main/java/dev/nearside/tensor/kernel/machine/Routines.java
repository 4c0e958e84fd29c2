package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.kernel.x86.Code;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The routines for this CPU, assembled and placed once; their memory stays until the program ends.
 * {@code NEARSIDE_CPU} ({@code avx2}, {@code avx512} or {@code amx}) has it taken for an older one.
 */
final class Routines {
  private static @Nullable Routines here;

  private final Map<TensorType, List<Routine>> products = new EnumMap<>(TensorType.class);

  private Routines() {
    Cpu cpu = Cpu.here().masked(System.getenv().getOrDefault("NEARSIDE_CPU", ""));
    if (!cpu.vnni()) {
      throw new MachineException("the CPU has no AVX-512 VNNI, or NEARSIDE_CPU hides it");
    }
    List<Code> codes = new ArrayList<>();
    List<CodeReader> readers = CodeReaders.all();
    int each = CodesRoutine.MOST_TOKENS;
    for (CodeReader reader : readers) {
      for (int tokens = 1; tokens <= each; tokens++) {
        codes.add(CodesRoutine.assemble(PanelFormat.of(reader), tokens));
      }
    }
    List<Routine> placed = CodeSpace.of(codes).routines();
    for (int i = 0; i < readers.size(); i++) {
      products.put(readers.get(i).type(), List.copyOf(placed.subList(i * each, (i + 1) * each)));
    }
  }

  /**
   * Of this CPU.
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

  /** Products with codes of this type: with one token, with two, … */
  List<Routine> products(TensorType type) {
    return Objects.requireNonNull(products.get(type), type::toString);
  }
}
