package dev.nearside.bench;

import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The layout of a matrix of 8192 × 2048 at load, memory for it included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class PackingBenchmark {
  private static final int ROWS = 8192;
  private static final int COLS = 2048;

  @Param({"F16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q4_K", "Q6_K"})
  public String type;

  private TensorType tensorType;
  private MemorySegment source;

  @Setup
  public void prepare(OpenKernels open) {
    tensorType = TensorType.ofName(type).orElseThrow();
    source = Weights.of(tensorType, ROWS, COLS, open.arena);
  }

  @Benchmark
  public long pack(OpenKernels open) {
    try (Arena arena = Arena.ofShared()) {
      return open.kernels.pack(tensorType, source, ROWS, COLS, arena).bytes();
    }
  }
}
