package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import dev.nearside.tensor.kernel.x86.Gpr;
import dev.nearside.tensor.kernel.x86.Mem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What the CPU can and the system lets programs use.
 *
 * @param avx2 AVX2 with FMA and half-precision conversion
 * @param avx512 AVX-512 F, BW, DQ and VL
 * @param vnni integer dots of AVX-512
 * @param bf16 AVX-512 BF16
 * @param amx tiles of bytes and bfloat16
 */
record Cpu(boolean avx2, boolean avx512, boolean vnni, boolean bf16, boolean amx) {
  private static final int AVX_STATE = 0x6; // of XCR0: xmm, ymm
  private static final int AVX512_STATE = 0xE6; // and masks, zmm
  private static final int TILE_STATE = 0x60000;

  /** Asks this CPU. */
  static Cpu here() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!arch.equals("amd64") && !arch.equals("x86_64")) {
      throw new MachineException("machine code is for x86-64, this is " + arch);
    }
    try (CodeSpace code = CodeSpace.of(List.of(cpuid(), xgetbv()));
        Arena arena = Arena.ofConfined()) {
      Asking asking = new Asking(code.routines().get(0), arena.allocate(16, 16));
      MemorySegment state = arena.allocate(16, 16);
      int most = asking.ask(0, 0).get(0);
      boolean hasState = bit(asking.ask(1, 0).get(2), 27);
      if (most < 7 || !hasState) {
        return new Cpu(false, false, false, false, false);
      }
      code.routines().get(1).call(state.address());
      return of(asking, state.get(ValueLayout.JAVA_INT, 0));
    }
  }

  private static Cpu of(Asking asking, int state) {
    List<Integer> one = asking.ask(1, 0);
    List<Integer> seven = asking.ask(7, 0);
    List<Integer> more = asking.ask(7, 1);
    boolean avx2 =
        (state & AVX_STATE) == AVX_STATE
            && bit(one.get(2), 12) // FMA
            && bit(one.get(2), 29) // F16C
            && bit(seven.get(1), 5);
    int ebx = seven.get(1);
    boolean avx512 =
        avx2
            && (state & AVX512_STATE) == AVX512_STATE
            && bit(ebx, 16)
            && bit(ebx, 17)
            && bit(ebx, 30)
            && bit(ebx, 31);
    boolean amx =
        avx512
            && (state & TILE_STATE) == TILE_STATE
            && bit(seven.get(3), 24) // tiles
            && bit(seven.get(3), 25) // of bytes
            && bit(seven.get(3), 22); // of bfloat16
    return new Cpu(
        avx2, avx512, avx512 && bit(seven.get(2), 11), avx512 && bit(more.get(0), 5), amx);
  }

  /** This CPU, pretending to be an older one: {@code avx2}, {@code avx512} or {@code amx}. */
  Cpu masked(String kind) {
    return switch (kind.strip().toLowerCase(Locale.ROOT)) {
      case "", "amx" -> this;
      case "avx512" -> new Cpu(avx2, avx512, vnni, bf16, false);
      case "avx2" -> new Cpu(avx2, false, false, false, false);
      default -> throw new MachineException("NEARSIDE_CPU is avx2, avx512 or amx, not " + kind);
    };
  }

  private static boolean bit(int word, int bit) {
    return ((word >>> bit) & 1) == 1;
  }

  private record Asking(Routine cpuid, MemorySegment words) {
    /** EAX, EBX, ECX, EDX. */
    List<Integer> ask(int leaf, int part) {
      words.set(ValueLayout.JAVA_INT, 0, leaf);
      words.set(ValueLayout.JAVA_INT, 8, part);
      cpuid.call(words.address());
      return IntStream.range(0, 4)
          .mapToObj(i -> words.getAtIndex(ValueLayout.JAVA_INT, i))
          .toList();
    }
  }

  // Four words: EAX and ECX are asked, all four are answered.
  private static Code cpuid() {
    Assembler a = new Assembler();
    Frame frame = Frame.ofGeneralRegisters();
    frame.begin(a);
    a.movl(Gpr.RAX, Mem.at(Frame.ARGUMENTS));
    a.movl(Gpr.RCX, Mem.at(Frame.ARGUMENTS, 8));
    a.cpuid();
    a.movl(Mem.at(Frame.ARGUMENTS), Gpr.RAX);
    a.movl(Mem.at(Frame.ARGUMENTS, 4), Gpr.RBX);
    a.movl(Mem.at(Frame.ARGUMENTS, 8), Gpr.RCX);
    a.movl(Mem.at(Frame.ARGUMENTS, 12), Gpr.RDX);
    frame.end(a);
    return a.finish();
  }

  // The lower word of XCR0.
  private static Code xgetbv() {
    Assembler a = new Assembler();
    Frame frame = Frame.ofGeneralRegisters();
    frame.begin(a);
    a.mov(Gpr.RCX, 0);
    a.xgetbv();
    a.movl(Mem.at(Frame.ARGUMENTS), Gpr.RAX);
    frame.end(a);
    return a.finish();
  }
}
