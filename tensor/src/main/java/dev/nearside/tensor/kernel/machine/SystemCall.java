package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the system that take integers and give one.
 *
 * <p>One shape of call serves all of them, because Java takes a hundredth of a second to make one
 * more: in the conventions of x86-64 an {@code int} fills a register, or eight bytes of the stack,
 * as a {@code long} does, and a function looks at its own arguments alone.
 */
final class SystemCall {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;
  private static final MethodHandle CALL =
      LINKER.downcallHandle(FunctionDescriptor.of(WORD, WORD, WORD, WORD, WORD, WORD, WORD));

  /** Arguments at most. */
  private static final int MOST = 6;

  private SystemCall() {}

  /**
   * Calls a function.
   *
   * @return what it gives; of an {@code int} only the lower half has a meaning
   * @throws MachineException when the system has no such function
   */
  static long call(String name, long... arguments) {
    MemorySegment function =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new MachineException("the system has no " + name));
    long[] a = new long[MOST];
    System.arraycopy(arguments, 0, a, 0, arguments.length);
    try {
      return (long) CALL.invokeExact(function, a[0], a[1], a[2], a[3], a[4], a[5]);
    } catch (Throwable e) {
      throw MachineException.of(e);
    }
  }
}
