package dev.nearside.tensor.kernel;

import org.jspecify.annotations.Nullable;

/** Chooses a provider. */
public final class KernelProviders {
  private KernelProviders() {}

  public record Choice(Kernels kernels, String reason) {}

  public static Choice choose(@Nullable String name, int threads) {
    return new Choice(new ScalarKernels(threads), "only scalar kernels are built");
  }
}
