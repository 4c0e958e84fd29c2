package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures products alone; a main, not a test. Arguments: provider, threads, then types. Prints
 * GB/s of packed weights for one token (weights cycled so that no cache serves them) and GFLOP/s
 * for 512 tokens. The command stands in docs/design/kernels.md.
 */
final class KernelBench {
  private static final int ROWS = 8192;
  private static final int COLS = 2048;
  private static final long FOOTPRINT = Long.getLong("footprint", 600_000_000L);

  private KernelBench() {}

  /**
   * With {@code -Dclock=cpu}, CPU time of the process: for one thread on a machine that is busy.
   */
  private static long nanos() {
    return "cpu".equals(System.getProperty("clock"))
        ? ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos()
        : System.nanoTime();
  }

  public static void main(String[] args) {
    int threads = Integer.parseInt(args[1]);
    for (int i = 2; i < args.length; i++) {
      TensorType type = TensorType.ofName(args[i]).orElseThrow();
      try (Arena arena = Arena.ofShared();
          Kernels kernels = KernelProviders.choose(args[0], threads).kernels()) {
        measure(kernels, type, arena);
      }
    }
  }

  private static void measure(Kernels kernels, TensorType type, Arena arena) {
    Random random = new Random(1);
    MemorySegment source =
        TestData.weights(arena, type, ROWS, COLS, TestData.Fill.ORDINARY, random);
    long packStart = nanos();
    List<PackedWeights> weights = new ArrayList<>();
    long bytes = 0;
    while (bytes < FOOTPRINT) {
      PackedWeights w = kernels.pack(type, source, ROWS, COLS, arena);
      weights.add(w);
      bytes += Math.max(w.bytes(), source.byteSize());
    }
    double packSeconds = (nanos() - packStart) * 1e-9;
    double decode = 0;
    Activations one = kernels.newActivations(1, COLS, arena);
    kernels.prepare(Floats.copyOf(arena, TestData.gaussian(COLS, 1, random)), 1, COLS, one);
    Floats out = Floats.allocate(arena, 512L * ROWS);
    for (int round = 0; round < 8; round++) {
      long start = nanos();
      for (PackedWeights w : weights) {
        kernels.matmul(w, one, out);
      }
      decode = Math.max(decode, (double) bytes / Math.max(1, nanos() - start));
    }
    double original = decode * source.byteSize() * weights.size() / bytes;
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s %s %dT: pack %.2f Gweights/s, decode %.1f GB/s (%.1f of the file's)",
            kernels.name(),
            type,
            kernels.threads(),
            (double) ROWS * COLS * weights.size() / packSeconds / 1e9,
            decode,
            original));
    for (int tokens : new int[] {2, 4, 8, 512}) {
      Activations many = kernels.newActivations(tokens, COLS, arena);
      kernels.prepare(
          Floats.copyOf(arena, TestData.gaussian(tokens * COLS, 1, random)), tokens, COLS, many);
      double best = 0;
      for (int round = 0; round < 8; round++) {
        long start = nanos();
        int calls = 1 + 64 / tokens;
        for (int call = 0; call < calls; call++) {
          kernels.matmul(weights.get((round * calls + call) % weights.size()), many, out);
        }
        best = Math.max(best, 2.0 * calls * tokens * ROWS * COLS / Math.max(1, nanos() - start));
      }
      line.append(String.format(Locale.ROOT, ", %d tokens %.0f GFLOP/s", tokens, best));
    }
    System.out.println(line);
  }
}
