package dev.nearside.bench;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.AttentionSpec;
import dev.nearside.tensor.kernel.KvLayer;
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

/** The last tokens of a sequence attend to all of it: the shape of Llama 3.2 1B. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  private static final int HEADS = 32;
  private static final int KV_HEADS = 8;
  private static final int HEAD_DIM = 64;
  private static final AttentionSpec SPEC =
      new AttentionSpec(HEADS, KV_HEADS, HEAD_DIM, 0.125f, 0, 0, null);

  /** Type of keys and values. */
  @Param({"F16", "Q8_0"})
  public String type;

  /** Positions. */
  @Param({"512", "4096"})
  public int length;

  @Param({"1", "64"})
  public int tokens;

  private KvLayer kv;
  private TokenRows rows;
  private Floats queries;
  private Floats out;
  private double gbyte;

  @Setup
  public void prepare(OpenKernels open) {
    TensorType tensorType = TensorType.ofName(type).orElseThrow();
    int width = KV_HEADS * HEAD_DIM;
    long bytes = tensorType.bytes((long) length * width);
    kv =
        new KvLayer(
            open.arena.allocate(bytes, 64),
            open.arena.allocate(bytes, 64),
            tensorType,
            KV_HEADS,
            HEAD_DIM);
    int[] table = IntStream.range(0, length / KvLayer.BLOCK).toArray();
    open.kernels.storeKv(
        kv, rows(0, table), open.gaussian(length * width), open.gaussian(length * width));
    rows = rows(length - tokens, table);
    queries = open.gaussian(tokens * HEADS * HEAD_DIM);
    out = Floats.allocate(open.arena, queries.size());
    gbyte = 2 * bytes * 1e-9;
  }

  private TokenRows rows(int from, int[] table) {
    int count = length - from;
    int[] positions = IntStream.range(from, length).toArray();
    return new TokenRows(count, positions, new int[count], new int[][] {table});
  }

  @Benchmark
  public void attention(OpenKernels open, Rates rates) {
    open.kernels.attention(SPEC, kv, rows, queries, out);
    rates.gbyte += gbyte;
    rates.gflop += 4e-9 * HEADS * HEAD_DIM * length * tokens;
  }
}
