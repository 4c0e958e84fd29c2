package dev.nearside.tensor.kernel;

import dev.nearside.tensor.kernel.vector.VectorKernels;
import org.jspecify.annotations.Nullable;

/** Chooses a provider. */
public final class KernelProviders {
  private KernelProviders() {}

  public record Choice(Kernels kernels, String reason) {}

  public static Choice choose(@Nullable String name, int threads) {
    return "scalar".equals(name)
        ? new Choice(new ScalarKernels(threads), "asked for")
        : new Choice(new VectorKernels(threads), "default");
  }
}
