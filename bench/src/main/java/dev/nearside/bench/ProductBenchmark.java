package dev.nearside.bench;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.PackedWeights;
import dev.nearside.tensor.kernel.TokenCount;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
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

/** A matrix of 8192 × 2048 times one, a few or many tokens. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {
  private static final int ROWS = 8192;
  private static final int COLS = 2048;
  private static final long FOOTPRINT = 300_000_000; // so that no cache serves the weights

  @Param({"F16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q4_K", "Q6_K"})
  public String type;

  @Param({"1", "4", "512"})
  public int tokens;

  /** {@code exact}, or {@code fast}, as prompts have it where the kernels can. */
  @Param("exact")
  public String numerics;

  private final List<PackedWeights> weights = new ArrayList<>();
  private long bytes;
  private Activations activations;
  private Floats out;
  private int next;

  @Setup
  public void prepare(OpenKernels open) {
    TensorType tensorType = TensorType.ofName(type).orElseThrow();
    MemorySegment source = Weights.of(tensorType, ROWS, COLS, open.arena);
    bytes = source.byteSize();
    for (long all = 0; all < FOOTPRINT; all += bytes) {
      weights.add(open.kernels.pack(tensorType, source, ROWS, COLS, open.arena));
    }
    activations = open.kernels.newActivations(tokens, COLS, open.arena);
    TokenCount count = new TokenCount(tokens, numerics.equals("exact") ? tokens : 0);
    open.kernels.prepare(open.gaussian(tokens * COLS), count, COLS, activations);
    out = Floats.allocate(open.arena, (long) tokens * ROWS);
  }

  @Benchmark
  public void matmul(OpenKernels open, Rates rates) {
    open.kernels.matmul(weights.get(next), activations, out);
    next = (next + 1) % weights.size();
    rates.gbyte += bytes * 1e-9;
    rates.gflop += 2e-9 * ROWS * COLS * tokens;
  }
}
