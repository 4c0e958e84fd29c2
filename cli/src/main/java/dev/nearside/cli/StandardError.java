package dev.nearside.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Gives the program its standard error back.
 *
 * <p>With {@code jdk.incubator.vector} at boot the JVM prints a warning to descriptor 2 that no
 * flag silences. The launcher therefore hands the JVM a pipe as descriptor 2, which drops that one
 * line, and the real standard error under the number in the system property {@value #PROPERTY}. By
 * the time {@code main} runs the warning has been printed, so the real one can take its place:
 * {@code dup2(real, 2)}. From then on {@link System#err}, and the JVM's last words in a crash too,
 * go straight to it.
 *
 * <p>A copy of the descriptor, and not {@code /dev/fd/3} opened again: opening again fails for a
 * socket and truncates a file.
 */
final class StandardError {
  static final String PROPERTY = "nearside.stderr";

  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  /**
   * Makes the descriptor that the launcher named this process's standard error; without the
   * property nothing happens. Where it cannot be done, standard error stays the launcher's pipe,
   * which passes everything on: later perhaps, but whole.
   *
   * @return whether standard error is the real one now
   */
  static boolean restore() {
    Integer real = Integer.getInteger(PROPERTY);
    return real == null || duplicate(real, STANDARD_ERROR);
  }

  private static boolean duplicate(int from, int to) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> dup2 = linker.defaultLookup().find("dup2");
    if (dup2.isEmpty()) {
      return false;
    }
    MethodHandle call =
        linker.downcallHandle(dup2.get(), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      return (int) call.invokeExact(from, to) == to;
    } catch (Throwable e) {
      // A downcall throws nothing of its own; only an Error of the JVM can come here.
      throw new AssertionError("dup2 cannot be called", e);
    }
  }
}
