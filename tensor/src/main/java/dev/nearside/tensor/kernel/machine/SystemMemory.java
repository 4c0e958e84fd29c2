package dev.nearside.tensor.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** Pages of memory from the system, whose rights and size can be changed. */
sealed interface SystemMemory {
  /** Of this system. */
  static SystemMemory here() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.startsWith("win")) {
      return new Windows();
    }
    if (system.contains("linux")) {
      return new Posix(0x22, 14);
    }
    if (system.contains("mac")) {
      return new Posix(0x1002, 0);
    }
    throw new MachineException("executable memory is not known on " + system);
  }

  /** New pages that can be read and written. */
  MemorySegment allocate(long bytes);

  /** From now on the pages can be read and executed, and not be written. */
  void makeExecutable(MemorySegment pages);

  /** Whether this system can be asked for large pages. */
  default boolean hasLargePages() {
    return false;
  }

  /** Asks for large pages; the system may have none. */
  default void wishLarge(MemorySegment pages) {}

  /** Pages of a file need not stay in memory, if this system can be told; they can be read on. */
  default void release(MemorySegment pages) {}

  /** Gives the pages back. */
  void free(MemorySegment pages);

  /**
   * {@code mmap}, {@code mprotect}, {@code madvise}, {@code munmap}.
   *
   * @param flags private and anonymous, as this system numbers them
   * @param largeAdvice the advice to use large pages; 0 where there is none
   */
  record Posix(int flags, int largeAdvice) implements SystemMemory {
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int DONT_NEED = 4;

    @Override
    public MemorySegment allocate(long bytes) {
      return pages(SystemCall.call("mmap", 0, bytes, READ_WRITE, flags, -1, 0), -1, bytes);
    }

    @Override
    public void makeExecutable(MemorySegment pages) {
      if ((int) SystemCall.call("mprotect", pages.address(), pages.byteSize(), READ_EXECUTE) != 0) {
        throw new MachineException("the system refuses executable memory");
      }
    }

    @Override
    public boolean hasLargePages() {
      return largeAdvice != 0;
    }

    // The answers to advice do not matter: a kernel without large pages refuses.
    @Override
    public void wishLarge(MemorySegment pages) {
      SystemCall.call("madvise", pages.address(), pages.byteSize(), largeAdvice);
    }

    @Override
    public void release(MemorySegment pages) {
      SystemCall.call("madvise", pages.address(), pages.byteSize(), DONT_NEED);
    }

    @Override
    public void free(MemorySegment pages) {
      if ((int) SystemCall.call("munmap", pages.address(), pages.byteSize()) != 0) {
        throw new MachineException("the system takes back no memory");
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
      return pages(
          SystemCall.call("VirtualAlloc", 0, bytes, COMMIT_AND_RESERVE, READ_WRITE), 0, bytes);
    }

    @Override
    public void makeExecutable(MemorySegment pages) {
      try (Arena arena = Arena.ofConfined()) {
        long before = arena.allocate(ValueLayout.JAVA_INT).address();
        long size = pages.byteSize();
        if ((int) SystemCall.call("VirtualProtect", pages.address(), size, EXECUTE_READ, before)
            == 0) {
          throw new MachineException("the system refuses executable memory");
        }
      }
    }

    @Override
    public void free(MemorySegment pages) {
      if ((int) SystemCall.call("VirtualFree", pages.address(), 0, RELEASE) == 0) {
        throw new MachineException("the system takes back no memory");
      }
    }
  }

  private static MemorySegment pages(long address, long refused, long bytes) {
    if (address == refused) {
      throw new MachineException("the system gives no memory of " + bytes + " bytes");
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
