package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Lets the JVM compile kernels before they are needed: each runs on a few numbers until it is fast.
 * Interpreted, a vector operation is a thousand times slower.
 */
final class KernelWarmUp {
  private static final int HEADS = 2;
  private static final int HEAD_DIM = 64;
  private static final int WIDTH = HEADS * HEAD_DIM;
  private static final int ROWS = 64; // of a weight matrix
  private static final int TOKENS = 15; // a tile of 12 and a rest
  private static final int LEAST_ROUNDS = 24;

  /** A compiled round takes about half of it, with two formats on a PC of 2022. */
  private static final long FAST_NANOS = 600_000;

  /** Slower machines are as fast as they get when no round was a tenth faster for so long. */
  private static final long SETTLED_NANOS = 500_000_000;

  private final Kernels kernels;
  private final boolean isEncoder;
  private final Floats x;
  private final Floats y;
  private final Floats z;
  private final Floats norm;
  private final Map<Integer, Activations> inputs = new HashMap<>(); // by width
  private final Floats wide;
  private final List<PackedWeights> weights = new ArrayList<>();
  private final KvLayer kv;
  private final Floats cosSin;

  private KernelWarmUp(Kernels kernels, Arena arena, UsedTypes types) {
    this.kernels = kernels;
    x = filled(arena, TOKENS * WIDTH);
    y = filled(arena, TOKENS * WIDTH);
    z = filled(arena, TOKENS * WIDTH);
    isEncoder = types.isEncoder();
    norm = filled(arena, WIDTH);
    cosSin = filled(arena, TOKENS * HEAD_DIM);
    wide = filled(arena, TOKENS * Math.max(WIDTH, CodeBlock.MAX_ELEMS));
    for (TensorType type : types.weights()) {
      if (FloatRows.canRead(type)) {
        int cols = Math.max(WIDTH, type.blockElems());
        MemorySegment blocks = arena.allocate(type.bytes((long) ROWS * cols), 64);
        RandomBlocks.fill(type, blocks, 0.1, 1);
        weights.add(kernels.pack(type, blocks, ROWS, cols, arena));
        inputs.computeIfAbsent(cols, width -> kernels.newActivations(TOKENS, width, arena));
      }
    }
    long block = types.kv().bytes((long) KvLayer.BLOCK * WIDTH);
    kv =
        new KvLayer(
            arena.allocate(block, 64), arena.allocate(block, 64), types.kv(), HEADS, HEAD_DIM);
  }

  /**
   * Runs the kernels until they are compiled, or time is up.
   *
   * @param kernels of one thread; left open
   * @param types what will be computed on
   * @param rounds rounds at most
   * @param millis time at most
   */
  static void run(Kernels kernels, UsedTypes types, int rounds, long millis)
      throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    try (Arena arena = Arena.ofShared()) {
      KernelWarmUp warmUp = new KernelWarmUp(kernels, arena, types);
      long best = Long.MAX_VALUE;
      long bestAt = System.nanoTime();
      for (int round = 0; round < rounds && System.nanoTime() < end; round++) {
        long start = System.nanoTime();
        warmUp.round();
        long now = System.nanoTime();
        if (now - start < best * 0.9) {
          best = now - start;
          bestAt = now;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (round >= LEAST_ROUNDS) {
          if (now - start < FAST_NANOS || now - bestAt > SETTLED_NANOS) {
            return;
          }
          Thread.sleep(2); // leaves the core to the compiler
        }
      }
    }
  }

  private void round() {
    layer(TOKENS);
    layer(1);
  }

  private void layer(int tokens) {
    int[] positions = IntStream.range(0, tokens).toArray();
    TokenRows rows = new TokenRows(tokens, positions, new int[tokens], new int[][] {{0}});
    kernels.rmsNorm(x, norm, 1e-5f, tokens, WIDTH, y);
    inputs.forEach((width, input) -> kernels.prepare(wide, tokens, width, input));
    for (PackedWeights w : weights) {
      kernels.matmul(w, Objects.requireNonNull(inputs.get(w.cols())), z);
    }
    kernels.rope(z, rows, HEADS, new RopeShape(HEAD_DIM, HEAD_DIM, RopeStyle.ADJACENT), cosSin);
    kernels.storeKv(kv, rows, y, y);
    AttentionSpec spec = new AttentionSpec(HEADS, HEADS, HEAD_DIM, 0.125f, 0, 0f, null);
    kernels.attention(spec, kv, rows, y, z);
    kernels.gated(GatedActivation.SILU, y, z, (long) tokens * WIDTH, z);
    kernels.add(z, y, (long) tokens * WIDTH);
    if (isEncoder) {
      encoderLayer(tokens);
    }
  }

  private void encoderLayer(int tokens) {
    EncoderKernels encoder = kernels.encoder();
    EncoderSpec spec = new EncoderSpec(HEADS, HEAD_DIM, 0.125f, 0);
    encoder.layerNorm(x, norm, norm, 1e-5f, tokens, WIDTH, y);
    encoder.attention(spec, new int[] {0, tokens}, y, y, y, z);
    encoder.activate(Activation.GELU, z, (long) tokens * WIDTH);
  }

  private static Floats filled(Arena arena, int size) {
    Floats out = Floats.allocate(arena, size);
    for (int i = 0; i < size; i++) {
      out.set(i, (i % 17 - 8) / 16f);
    }
    return out;
  }
}
