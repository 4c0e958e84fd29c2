package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory that weights are packed into, and that which they came from. */
final class WeightMemory {
  private static final long PAGE = 4096;
  private static final long LARGE_PAGE = 2L << 20;

  private WeightMemory() {}

  /**
   * Memory that lives as long as the arena, in pages of 2 MiB where the system has them: a core
   * that reads a gigabyte per token looks up fewer addresses, and its prefetchers, which stop at
   * the end of a page, seldom do. What no whole page covers is in ordinary ones.
   */
  static MemorySegment allocate(long bytes, Arena arena) {
    SystemMemory system = SystemMemory.here();
    if (bytes < 2 * LARGE_PAGE || !system.hasLargePages()) {
      return arena.allocate(bytes, 64);
    }
    MemorySegment all = system.allocate(bytes + LARGE_PAGE);
    try {
      long start = -all.address() & (LARGE_PAGE - 1);
      system.wishLarge(all.asSlice(start, bytes & -LARGE_PAGE));
      return all.reinterpret(arena, none -> system.free(all)).asSlice(start, bytes);
    } catch (RuntimeException e) {
      system.free(all);
      throw e;
    }
  }

  /**
   * Has the system forget the pages of a file that were read to pack them, so that weights are not
   * in memory twice. A later look at them reads them again.
   */
  static void release(MemorySegment source) {
    if (!source.isMapped()) {
      return;
    }
    long start = -source.address() & (PAGE - 1);
    long bytes = (source.byteSize() - start) & -PAGE;
    if (bytes > 0) {
      SystemMemory.here().release(source.asSlice(start, bytes));
    }
  }
}
