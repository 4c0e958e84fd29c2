package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Machine code that can be called. It takes one argument, the address of what it works on, in RDI
 * or, on Windows, in RCX.
 */
record Routine(MemorySegment address) {
  // Of any address: one constant handle, which the JVM compiles into the caller.
  private static final MethodHandle CALL =
      Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

  /** Calls it; whatever the arguments point to must stay reachable meanwhile. */
  void call(long arguments) {
    try {
      CALL.invokeExact(address, arguments);
    } catch (Throwable e) {
      throw MachineException.of(e);
    }
  }
}
