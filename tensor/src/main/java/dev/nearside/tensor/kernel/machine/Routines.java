package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.x86.Code;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routines for this CPU, those of a format assembled and placed when it is first used; their
 * memory stays until the program ends. {@code NEARSIDE_CPU} ({@code avx2}, {@code avx512} or {@code
 * amx}) has it taken for an older one.
 */
final class Routines {
  private static @Nullable Routines here;

  private final Map<TensorType, List<Routine>> products = new EnumMap<>(TensorType.class);

  private Routines() {
    Cpu cpu = Cpu.here().masked(System.getenv().getOrDefault("NEARSIDE_CPU", ""));
    if (!cpu.vnni()) {
      throw new MachineException("the CPU has no AVX-512 VNNI, or NEARSIDE_CPU hides it");
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

  /** Products with codes of this format: with one token, with two, … */
  synchronized List<Routine> products(PanelFormat format) {
    return products.computeIfAbsent(format.reader().type(), type -> place(format));
  }

  private static List<Routine> place(PanelFormat format) {
    List<Code> codes = new ArrayList<>();
    for (int tokens = 1; tokens <= CodesRoutine.MOST_TOKENS; tokens++) {
      codes.add(CodesRoutine.assemble(format, tokens));
    }
    return CodeSpace.of(codes).routines();
  }
}
