package dev.nearside.model;

import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.KernelProviders;
import dev.nearside.tensor.kernel.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels and their threads, shared by all models of a process. */
public final class Compute implements AutoCloseable {
  private static final long WARM_UP_MILLIS = 1500;

  private final Kernels kernels;
  private final String reason;
  private @Nullable Thread warmUp;

  private Compute(Kernels kernels, String reason) {
    this.kernels = kernels;
    this.reason = reason;
  }

  /**
   * Lets the JVM compile the kernels in the background, while a model is being loaded: the first
   * step of the model waits for the end of it. For programs in a hurry to answer; others get there
   * by themselves.
   *
   * @param types formats of the weights that will be used
   */
  public void warmUp(List<TensorType> types) {
    if (!kernels.name().equals("vector")) {
      return;
    }
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("nearside-warm-up")
            .unstarted(() -> {
              try {
                KernelProviders.warmUp(types, WARM_UP_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    warmUp = thread;
    thread.start();
  }

  /** Waits for the end of a {@link #warmUp}. */
  void awaitWarmUp() {
    Thread thread = warmUp;
    warmUp = null;
    try {
      if (thread != null) {
        thread.join(WARM_UP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
