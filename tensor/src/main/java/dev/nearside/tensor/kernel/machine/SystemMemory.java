package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** Pages of memory from the system, whose rights can be changed. */
sealed interface SystemMemory {
  /** Of this system. */
  static SystemMemory here() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.contains("win")) {
      return new Windows();
    }
    if (system.contains("linux")) {
      return new Posix(0x22);
    }
    if (system.contains("mac")) {
      return new Posix(0x1002);
    }
    throw new MachineException("executable memory is not known on " + system);
  }

  /** New pages that can be read and written. */
  MemorySegment allocate(long bytes);

  /** From now on the pages can be read and executed, and not be written. */
  void makeExecutable(MemorySegment pages);

  /** Gives the pages back. */
  void free(MemorySegment pages);

  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new MachineException("the system has no " + name)),
        type);
  }

  /**
   * {@code mmap}, {@code mprotect}, {@code munmap}.
   *
   * @param flags private and anonymous, as this system numbers them
   */
  record Posix(int flags) implements SystemMemory {
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;

    @Override
    public MemorySegment allocate(long bytes) {
      MethodHandle mmap =
          find(
              "mmap",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG));
      long address = 0;
      try {
        address = (long) mmap.invokeExact(0L, bytes, READ_WRITE, flags, -1, 0L);
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
      if (address == -1) {
        throw new MachineException("the system gives no memory for machine code");
      }
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void makeExecutable(MemorySegment pages) {
      MethodHandle mprotect =
          find(
              "mprotect",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));
      int result;
      try {
        result = (int) mprotect.invokeExact(pages.address(), pages.byteSize(), READ_EXECUTE);
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
      if (result != 0) {
        throw new MachineException("the system refuses executable memory");
      }
    }

    @Override
    public void free(MemorySegment pages) {
      MethodHandle munmap =
          find(
              "munmap",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      try {
        int ignored = (int) munmap.invokeExact(pages.address(), pages.byteSize());
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
    }
  }

  /** {@code VirtualAlloc}, {@code VirtualProtect}, {@code VirtualFree}. */
  record Windows() implements SystemMemory {
    private static final int COMMIT_AND_RESERVE = 0x3000;
    private static final int RELEASE = 0x8000;
    private static final int READ_WRITE = 0x04;
    private static final int EXECUTE_READ = 0x20;

    @Override
    public MemorySegment allocate(long bytes) {
      MethodHandle allocate =
          find(
              "VirtualAlloc",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      long address;
      try {
        address = (long) allocate.invokeExact(0L, bytes, COMMIT_AND_RESERVE, READ_WRITE);
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
      if (address == 0) {
        throw new MachineException("the system gives no memory for machine code");
      }
      return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void makeExecutable(MemorySegment pages) {
      MethodHandle protect =
          find(
              "VirtualProtect",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS));
      int result;
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment before = arena.allocate(ValueLayout.JAVA_INT);
        result = (int) protect.invokeExact(pages.address(), pages.byteSize(), EXECUTE_READ, before);
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
      if (result == 0) {
        throw new MachineException("the system refuses executable memory");
      }
    }

    @Override
    public void free(MemorySegment pages) {
      MethodHandle free =
          find(
              "VirtualFree",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT));
      try {
        int ignored = (int) free.invokeExact(pages.address(), 0L, RELEASE);
      } catch (Throwable e) {
        throw MachineException.of(e);
      }
    }
  }
}
