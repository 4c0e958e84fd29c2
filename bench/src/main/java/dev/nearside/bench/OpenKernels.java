package dev.nearside.bench;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.KernelProviders;
import dev.nearside.tensor.kernel.Kernels;
import java.lang.foreign.Arena;
import java.util.Random;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The kernels that are measured, and memory that lives as long. */
@State(Scope.Benchmark)
public class OpenKernels {
  /** {@code auto}, {@code machine}, {@code vector}, {@code scalar}, … */
  @Param("auto")
  public String name;

  /** Threads that share an operation; 0 = one per processor. */
  @Param("1")
  public int threads;

  Kernels kernels;
  Arena arena;
  private final Random random = new Random(1);

  @Setup
  public void open() {
    arena = Arena.ofShared();
    kernels = KernelProviders.choose(name, threads).kernels();
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }

  /** Normally distributed values. */
  Floats gaussian(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Floats.copyOf(arena, values);
  }
}
