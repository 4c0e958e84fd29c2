package dev.nearside.model;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.KernelProviders;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.StartingKernels;
import dev.nearside.tensor.kernel.UsedTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels and their threads, shared by all models of a process. */
public final class Compute implements AutoCloseable {
  /** Threads at most. */
  public static final int MAX_THREADS = KernelProviders.MAX_THREADS;

  /** The names that {@link #create} knows. */
  public static final List<String> KERNELS = KernelProviders.NAMES;

  /** Multiplications below which a step is done sooner than faster kernels are compiled. */
  private static final long SMALL_STEP = 8_000_000_000L;

  private final Kernels kernels;
  private final String reason;
  private final Pace pace;

  private Compute(Kernels kernels, String reason) {
    this(kernels, reason, Pace.FULL);
  }

  private Compute(Kernels kernels, String reason, Pace pace) {
    this.kernels = kernels;
    this.reason = reason;
    this.pace = pace;
  }

  /**
   * Has another thread look for machine code, which takes a tenth of a second: what chooses kernels
   * soon afterwards finds it looked for.
   *
   * @param name as {@link #create} has it
   */
  public static void prepare(@Nullable String name) {
    if (KernelProviders.mayBeMachineCode(name)) {
      Thread.ofPlatform().daemon().name("nearside-prepare").start(KernelProviders::hasMachineCode);
    }
  }

  /**
   * Chooses kernels and starts their threads.
   *
   * @param name {@code scalar}, {@code vector} or {@code machine}; null = the best there is
   * @param threads threads that compute; 0 = one per core
   * @throws dev.nearside.tensor.TensorException when the named kernels can't be had
   */
  public static Compute create(@Nullable String name, int threads) {
    KernelProviders.Choice choice = KernelProviders.choose(name, count(threads));
    return new Compute(choice.kernels(), choice.reason());
  }

  /**
   * As {@link #create}, for programs in a hurry to answer: the first step does not wait until the
   * kernels are compiled. Speed comes after a second or two, so this is nothing to measure.
   *
   * @param types formats of the weights that will be used
   * @param kvType type of keys and values
   */
  public static Compute createStarting(
      @Nullable String name, int threads, List<TensorType> types, TensorType kvType) {
    KernelProviders.Choice choice =
        KernelProviders.chooseStarting(name, count(threads), new UsedTypes(types, kvType));
    return new Compute(choice.kernels(), choice.reason());
  }

  /** As {@link #createStarting}, for encoders. */
  public static Compute createStartingEncoder(
      @Nullable String name, int threads, List<TensorType> types) {
    UsedTypes used = new UsedTypes(types, TensorType.F16, true);
    KernelProviders.Choice choice = KernelProviders.chooseStarting(name, count(threads), used);
    return new Compute(choice.kernels(), choice.reason());
  }

  /**
   * The same kernels, for models that compute when {@code pace} lets them; close one of the two.
   */
  public Compute withPace(Pace other) {
    return new Compute(kernels, reason, other);
  }

  private static int count(int threads) {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  /** A step of about so many multiplications begins: a small one has the processor to itself. */
  void beforeStep(long multiplications) {
    if (multiplications > SMALL_STEP && kernels instanceof StartingKernels starting) {
      starting.begin();
    }
  }

  /** Whether the kernels are compiled as far as they need to be to begin with. */
  boolean isFast() {
    return !(kernels instanceof StartingKernels starting) || starting.isFast();
  }

  void afterStep() {
    if (kernels instanceof StartingKernels starting) {
      starting.begin();
    }
  }

  /** For tests: any kernels. */
  static Compute of(Kernels kernels) {
    return new Compute(kernels, "given");
  }

  /** {@code scalar}, {@code vector}, … */
  public String name() {
    return kernels.name();
  }

  /** The numerics that these kernels have of those that are wanted. */
  public Numerics numerics(Numerics wanted) {
    return wanted == Numerics.FAST && kernels.hasFastNumerics() ? wanted : Numerics.EXACT;
  }

  /** Why these kernels were chosen. */
  public String reason() {
    return reason;
  }

  public int threads() {
    return kernels.threads();
  }

  Kernels kernels() {
    return kernels;
  }

  Pace pace() {
    return pace;
  }

  @Override
  public void close() {
    kernels.close();
  }
}
