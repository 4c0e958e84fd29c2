package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What threads hand to routines: a place for each thread, slots of 8 bytes in it. */
final class Arguments {
  private static final int BYTES = 256;

  private final MemorySegment places;

  Arguments(int threads, Arena arena) {
    places = arena.allocate((long) threads * BYTES, 64);
  }

  /** The address that a routine is called with. */
  long address(int thread) {
    return places.address() + (long) thread * BYTES;
  }

  /** An address or a whole number at {@code slot}, a multiple of 8. */
  void put(int thread, int slot, long value) {
    places.set(ValueLayout.JAVA_LONG, (long) thread * BYTES + slot, value);
  }

  /** A number in the lower half of {@code slot}. */
  void put(int thread, int slot, float value) {
    places.set(ValueLayout.JAVA_FLOAT, (long) thread * BYTES + slot, value);
  }

  /** What a routine left in the lower half of {@code slot}. */
  int get(int thread, int slot) {
    return places.get(ValueLayout.JAVA_INT, (long) thread * BYTES + slot);
  }
}
