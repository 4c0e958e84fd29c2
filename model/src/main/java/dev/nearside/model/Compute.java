package dev.nearside.model;

import dev.nearside.tensor.kernel.KernelProviders;
import dev.nearside.tensor.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/** The kernels and their threads, shared by all models of a process. */
public final class Compute implements AutoCloseable {
  private final Kernels kernels;
  private final String reason;

  private Compute(Kernels kernels, String reason) {
    this.kernels = kernels;
    this.reason = reason;
  }

  /**
   * Chooses kernels and starts their threads.
   *
   * @param name {@code scalar}, {@code vector} or {@code machine}; null = the best there is
   * @param threads threads that compute; 0 = one per core
   * @throws dev.nearside.tensor.TensorException when the named kernels can't be had
   */
  public static Compute create(@Nullable String name, int threads) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    KernelProviders.Choice choice = KernelProviders.choose(name, count);
    return new Compute(choice.kernels(), choice.reason());
  }

  /** For tests: any kernels. */
  static Compute of(Kernels kernels) {
    return new Compute(kernels, "given");
  }

  /** {@code scalar}, {@code vector}, … */
  public String name() {
    return kernels.name();
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

  @Override
  public void close() {
    kernels.close();
  }
}
