package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kernels for a quick start: warmed up with every format, and taken over from when that is done.
 */
class StartingKernelsTest {
  @ParameterizedTest
  @EnumSource(TensorType.class)
  void warmUp_everyFormat_runsOrIsSkipped(TensorType type) throws InterruptedException {
    for (String name : List.of("scalar", Providers.fast().getLast())) {
      try (Kernels kernels = Providers.open(name, 1)) {
        KernelWarmUp.run(kernels, new UsedTypes(List.of(type), TensorType.Q8_0), 2, 60_000);
      }
    }
  }

  @Test
  void begin_afterWarmUp_handsOver() {
    try (StartingKernels kernels =
            new StartingKernels(
                ScalarKernels::new,
                ScalarKernels::new,
                1,
                new UsedTypes(List.of(TensorType.Q4_K, TensorType.I8), TensorType.F16));
        Arena arena = Arena.ofShared()) {
      Floats x = Floats.allocate(arena, 8);
      kernels.add(x, x, 8);
      assertFalse(kernels.isFast(), "nobody said begin");
      kernels.begin();
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            while (!kernels.isFast()) {
              kernels.add(x, x, 8);
            }
          });
      assertTrue(kernels.isFast());
    }
  }
}
