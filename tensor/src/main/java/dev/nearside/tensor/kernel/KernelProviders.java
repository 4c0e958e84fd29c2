package dev.nearside.tensor.kernel;

import dev.nearside.base.Fault;
import dev.nearside.tensor.TensorException;
import dev.nearside.tensor.kernel.machine.MachineKernels;
import dev.nearside.tensor.kernel.vector.PanelKernels;
import dev.nearside.tensor.kernel.vector.VectorKernels;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The index of kernel providers, and the choice of one at start.
 *
 * <p>{@code jdk.incubator.vector} is optional: its classes are touched only inside {@link
 * VectorStart}, after its module was found in the boot layer.
 */
public final class KernelProviders {
  /**
   * Kernels and why it is these.
   *
   * @param reason one sentence for a log or {@code nearside doctor}
   */
  public record Choice(Kernels kernels, String reason) {}

  private static final System.Logger LOG = System.getLogger(KernelProviders.class.getName());

  private static final String AUTO = "auto";

  /** Those that users may name; others are for tests. */
  public static final List<String> NAMES = List.of(AUTO, "scalar", "vector", "machine");

  /** Threads at most. */
  public static final int MAX_THREADS = 1024;

  private KernelProviders() {}

  /**
   * Opens the kernels of this name, or the fastest that work here. The caller closes them.
   *
   * @param name {@code vector}, {@code scalar}, {@code machine} or {@code reference}, as {@code
   *     NEARSIDE_KERNELS} gives it; null, blank or {@code auto} leaves the choice open
   * @param threads threads that share the work, the caller among them; 0 = one per processor
   * @throws TensorException when these kernels don't exist or can't work here
   */
  public static Choice choose(@Nullable String name, int threads) {
    return open(name, threads, null);
  }

  private static Choice open(@Nullable String name, int threads, @Nullable UsedTypes types) {
    if (threads < 0 || threads > MAX_THREADS) {
      throw new TensorException(
          Fault.of("a number of threads is out of range")
              .got(threads)
              .expected("1 to " + MAX_THREADS + ", or 0 for one per processor"));
    }
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    String wanted = wanted(name);
    return switch (wanted) {
      case AUTO -> fastest(count, types);
      case "vector" -> {
        requireVectors();
        yield vector(count, types, "asked for");
      }
      case "panel" -> {
        requireVectors();
        yield new Choice(VectorStart.openPlain(count), "panel: asked for");
      }
      case "scalar" -> new Choice(new ScalarKernels(count), "scalar: asked for");
      case "specification" ->
          new Choice(new SpecificationKernels(count), "specification: asked for");
      case "reference" -> new Choice(new ReferenceKernels(count), "reference: asked for");
      case "machine" -> {
        Optional<String> obstacle = MachineKernels.obstacle();
        if (obstacle.isPresent()) {
          throw new TensorException(
              Fault.of("there are no machine kernels here: " + obstacle.get())
                  .hint("'auto' takes the fastest that work."));
        }
        yield new Choice(new MachineKernels(count), "machine: asked for");
      }
      default ->
          throw new TensorException(
              Fault.of("there are no kernels of this name")
                  .got(wanted)
                  .expected("one of " + String.join(", ", NAMES)));
    };
  }

  private static Choice fastest(int threads, @Nullable UsedTypes types) {
    Optional<String> obstacle = MachineKernels.obstacle();
    if (obstacle.isEmpty()) {
      return new Choice(new MachineKernels(threads), "machine: the fastest for this CPU");
    }
    if (VectorModule.isThere()) {
      return vector(threads, types, "no machine code: " + obstacle.get());
    }
    String reason =
        "scalar: no machine code: "
            + obstacle.get()
            + "; and module "
            + VectorModule.NAME
            + " is not there: NEARSIDE_KERNELS=vector has the launcher add it, elsewhere"
            + " --add-modules does";
    LOG.log(System.Logger.Level.WARNING, reason); // many times slower, and nobody asked for it
    return new Choice(new ScalarKernels(threads), reason);
  }

  /**
   * As {@link #choose}, for a program in a hurry: where the kernels need to be compiled first,
   * plain loops stand in for them until {@link StartingKernels#begin} has had its time.
   *
   * @param types what will be computed on
   */
  public static Choice chooseStarting(@Nullable String name, int threads, UsedTypes types) {
    return open(name, threads, types);
  }

  private static String wanted(@Nullable String name) {
    return name == null || name.isBlank() ? AUTO : name.toLowerCase(Locale.ROOT);
  }

  /** Whether {@link #choose} would look for machine code. */
  public static boolean mayBeMachineCode(@Nullable String name) {
    String wanted = wanted(name);
    return wanted.equals(AUTO) || wanted.equals("machine");
  }

  private static void requireVectors() {
    if (!VectorModule.isThere()) {
      throw new TensorException(
          Fault.of("vector kernels need module " + VectorModule.NAME)
              .hint("start Java with --add-modules " + VectorModule.NAME));
    }
  }

  /** Whether there are kernels in machine code here. */
  public static boolean hasMachineCode() {
    return MachineKernels.obstacle().isEmpty();
  }

  private static Choice vector(int threads, @Nullable UsedTypes types, String why) {
    Kernels kernels =
        types == null ? VectorStart.open(threads) : VectorStart.openStarting(threads, types);
    return new Choice(kernels, "vector, " + VectorStart.bits() + " bits: " + why);
  }

  /** Loaded only when its imports can be. */
  private static final class VectorStart {
    static Kernels open(int threads) {
      return new VectorKernels(threads);
    }

    static Kernels openPlain(int threads) {
      return new PanelKernels(threads);
    }

    static Kernels openStarting(int threads, UsedTypes types) {
      return new StartingKernels(PanelKernels::new, VectorKernels::new, threads, types);
    }

    static int bits() {
      return VectorKernels.vectorBits();
    }
  }
}
