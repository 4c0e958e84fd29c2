package dev.nearside.cli.command;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a standard stream is a terminal: Java can only tell for two of them together. The
 * launcher names those that are in the system property {@value #PROPERTY}, by their descriptors;
 * without it the system is asked.
 */
final class Tty {
  static final String PROPERTY = "nearside.terminals";

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  private Tty() {}

  static boolean isTerminalIn() {
    return isTerminal(STDIN);
  }

  static boolean isTerminalOut() {
    return isTerminal(STDOUT);
  }

  static boolean isTerminalErr() {
    return isTerminal(STDERR);
  }

  static boolean isTerminal(int descriptor) {
    String known = System.getProperty(PROPERTY);
    return known == null ? isTerminalToSystem(descriptor) : known.indexOf('0' + descriptor) >= 0;
  }

  private static boolean isTerminalToSystem(int descriptor) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> isatty =
        linker.defaultLookup().find("isatty").or(() -> linker.defaultLookup().find("_isatty"));
    if (isatty.isEmpty()) {
      return Objects.requireNonNull(System.console()).isTerminal();
    }
    try {
      FunctionDescriptor type = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
      return (int) linker.downcallHandle(isatty.get(), type).invokeExact(descriptor) != 0;
    } catch (Throwable e) {
      // A downcall throws nothing of its own; only an Error of the JVM can come here.
      throw new AssertionError("isatty cannot be called", e);
    }
  }
}
