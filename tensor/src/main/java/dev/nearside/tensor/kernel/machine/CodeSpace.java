package dev.nearside.tensor.kernel.machine;

import dev.nearside.tensor.kernel.x86.Assembler;
import dev.nearside.tensor.kernel.x86.Code;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Executable memory: written once, then executed, never both at a time. */
final class CodeSpace implements AutoCloseable {
  private static final long PAGE = 1 << 16; // a multiple of every system's

  private final SystemMemory system;
  private final MemorySegment pages;
  private final List<Routine> routines;

  private CodeSpace(SystemMemory system, MemorySegment pages, List<Routine> routines) {
    this.system = system;
    this.pages = pages;
    this.routines = List.copyOf(routines);
  }

  /**
   * Places codes in memory.
   *
   * @throws MachineException when the system refuses
   */
  static CodeSpace of(List<Code> codes) {
    long size = 0;
    for (Code code : codes) {
      size += aligned(code.bytes().length, Assembler.ALIGNMENT);
    }
    SystemMemory system = SystemMemory.here();
    MemorySegment pages = system.allocate(aligned(Math.max(size, 1), PAGE));
    try {
      List<Routine> routines = new ArrayList<>();
      long at = 0;
      for (Code code : codes) {
        byte[] bytes = code.bytes();
        MemorySegment place = pages.asSlice(at, bytes.length);
        place.copyFrom(MemorySegment.ofArray(bytes));
        routines.add(new Routine(MemorySegment.ofAddress(place.address())));
        at += aligned(bytes.length, Assembler.ALIGNMENT);
      }
      system.makeExecutable(pages);
      return new CodeSpace(system, pages, routines);
    } catch (RuntimeException e) {
      system.free(pages);
      throw e;
    }
  }

  /** The routines, in the order of their codes. */
  List<Routine> routines() {
    return routines;
  }

  private static long aligned(long size, long unit) {
    return (size + unit - 1) / unit * unit;
  }

  /** Nobody may call a routine afterwards. */
  @Override
  public void close() {
    system.free(pages);
  }
}
