package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for weights in pages of 2 MiB, where the system has them: a core that reads a gigabyte per
 * token looks up fewer addresses, and its prefetchers, which stop at the end of a page, seldom do.
 */
final class LargePages {
  private static final long PAGE = 2L << 20;

  private LargePages() {}

  /** Memory that lives as long as the arena. What no whole page covers is in ordinary ones. */
  static MemorySegment allocate(long bytes, Arena arena) {
    if (bytes < 2 * PAGE) {
      return arena.allocate(bytes, 64);
    }
    SystemMemory system = SystemMemory.here();
    MemorySegment all = system.allocate(bytes + PAGE);
    long start = -all.address() & (PAGE - 1);
    system.wishLarge(all.asSlice(start, bytes & -PAGE));
    return all.reinterpret(arena, none -> system.free(all)).asSlice(start, bytes);
  }
}
