package dev.nearside.bench;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.kernel.Activations;
import dev.nearside.tensor.kernel.GatedActivation;
import dev.nearside.tensor.kernel.RopeShape;
import dev.nearside.tensor.kernel.RopeStyle;
import dev.nearside.tensor.kernel.TokenRows;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** What stands between the products of a layer of 2048 values a token. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
  private static final int HIDDEN = 2048;
  private static final int HEAD_DIM = 64;

  @Param({"1", "512"})
  public int tokens;

  private Floats x;
  private Floats y;
  private Floats out;
  private Floats weight;
  private Floats angles; // (tokens, HEAD_DIM / 2, 2)
  private TokenRows rows;
  private Activations activations;

  @Setup
  public void prepare(OpenKernels open) {
    x = open.gaussian(tokens * HIDDEN);
    y = open.gaussian(tokens * HIDDEN);
    out = Floats.allocate(open.arena, x.size());
    weight = open.gaussian(HIDDEN);
    float[] turns = new float[tokens * HEAD_DIM];
    for (int i = 0; i < turns.length; i += 2) {
      turns[i] = (float) Math.cos(i);
      turns[i + 1] = (float) Math.sin(i);
    }
    angles = Floats.copyOf(open.arena, turns);
    int[] positions = IntStream.range(0, tokens).toArray();
    rows = new TokenRows(tokens, positions, new int[tokens], new int[][] {{0}});
    activations = open.kernels.newActivations(tokens, HIDDEN, open.arena);
  }

  /** Activations to 13 bits. */
  @Benchmark
  public void rounding(OpenKernels open) {
    open.kernels.prepare(x, tokens, HIDDEN, activations);
  }

  @Benchmark
  public void norm(OpenKernels open) {
    open.kernels.rmsNorm(x, weight, 1e-5f, tokens, HIDDEN, out);
  }

  /** In place, over and over: turned values stay as large as they are. */
  @Benchmark
  public void rope(OpenKernels open) {
    RopeShape shape = new RopeShape(HEAD_DIM, HEAD_DIM, RopeStyle.HALVES);
    open.kernels.rope(x, rows, HIDDEN / HEAD_DIM, shape, angles);
  }

  @Benchmark
  public void gate(OpenKernels open) {
    open.kernels.gated(GatedActivation.SILU, x, y, x.size(), out);
  }
}
