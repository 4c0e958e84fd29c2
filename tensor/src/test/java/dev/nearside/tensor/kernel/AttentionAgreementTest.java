package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention of every provider against the specification, over all that a layer can ask for. */
class AttentionAgreementTest {
  private static final int CONTEXT = 200;

  static List<String> providers() {
    return Providers.fast();
  }

  /** Two sequences in one pool, their blocks mixed; what isn't stored is garbage, NaN included. */
  private static KvLayer filled(
      Arena arena, Kernels kernels, TensorType type, int kvHeads, int dim, int[][] tables) {
    long bytes = type.bytes(9L * KvLayer.BLOCK * kvHeads * dim);
    MemorySegment keys = arena.allocate(bytes, 64).fill((byte) -1);
    MemorySegment values = arena.allocate(bytes, 64).fill((byte) -1);
    KvLayer kv = new KvLayer(keys, values, type, kvHeads, dim);
    Random random = new Random(9);
    for (int s = 0; s < tables.length; s++) {
      int[] sequence = new int[CONTEXT];
      java.util.Arrays.fill(sequence, s);
      TokenRows rows =
          new TokenRows(CONTEXT, IntStream.range(0, CONTEXT).toArray(), sequence, tables);
      int n = CONTEXT * kvHeads * dim;
      kernels.storeKv(
          kv,
          rows,
          Floats.copyOf(arena, TestData.gaussian(n, 1, random)),
          Floats.copyOf(arena, TestData.gaussian(n, 1, random)));
    }
    return kv;
  }

  @ParameterizedTest
  @MethodSource("providers")
  void attention_everyShape_givesTheSpecificationsBits(String provider) {
    Random random = new Random(7);
    int[][] tables = {{3, 0, 5, 7}, {8, 1, 2, 6}};
    int[][] batches = {
      {0}, {63}, {64, 65}, {10, 11, 12, 130, 131}, IntStream.range(50, 90).toArray()
    };
    for (int[] shape :
        new int[][] {{1, 1, 5}, {4, 1, 16}, {6, 3, 64}, {9, 3, 40}, {3, 1, 96}, {2, 2, 128}}) {
      for (TensorType type : typesFor(shape[2])) {
        for (int variant = 0; variant < 4; variant++) {
          try (Arena arena = Arena.ofShared();
              Kernels oracle = Providers.open("specification", 1);
              Kernels fast = Providers.open(provider, 1 + variant % 3)) {
            KvLayer kv = filled(arena, oracle, type, shape[1], shape[2], tables);
            AttentionSpec spec =
                new AttentionSpec(
                    shape[0],
                    shape[1],
                    shape[2],
                    0.4f,
                    new int[] {0, 1, 70, 128}[variant],
                    variant == 1 ? 0 : 0.7f * variant,
                    variant % 2 == 0
                        ? null
                        : Floats.copyOf(arena, TestData.gaussian(shape[0], 3, random)));
            for (int[] batch : batches) {
              compare(arena, oracle, fast, spec, kv, twoSequences(batch, tables), random);
            }
          }
        }
      }
    }
  }

  private static List<TensorType> typesFor(int headDim) {
    return Stream.of(TensorType.F16, TensorType.F32, TensorType.Q8_0)
        .filter(type -> KvLayer.canHold(type, headDim))
        .toList();
  }

  /** What a cache has stored must not depend on the provider: it is kept and shared. */
  @ParameterizedTest
  @MethodSource("providers")
  void storeKv_everyType_writesTheSpecificationsBytes(String provider) {
    for (TensorType type : typesFor(96)) {
      try (Arena arena = Arena.ofShared();
          Kernels oracle = Providers.open("specification", 1);
          Kernels fast = Providers.open(provider, 2)) {
        int[][] tables = {{3, 0, 5, 7}, {8, 1, 2, 6}};
        KvLayer expected = filled(arena, oracle, type, 2, 96, tables);
        KvLayer got = filled(arena, fast, type, 2, 96, tables);
        assertEquals(-1, expected.keys().mismatch(got.keys()), type + " keys");
        assertEquals(-1, expected.values().mismatch(got.values()), type + " values");
      }
    }
  }

  /**
   * Extreme values: what can't be kept is a NaN that the next step refuses, never a wrong number.
   */
  @ParameterizedTest
  @MethodSource("providers")
  void attention_eightBitsOfExtremeValues_givesTheSpecificationsBits(String provider) {
    float[] extremes = {0f, -0f, 1e-30f, 3e-8f, 7e-6f, 65504f, 8e6f, 1e9f, 3e38f, Float.NaN};
    int dim = 32;
    int[][] tables = {{0}};
    for (float extreme : extremes) {
      try (Arena arena = Arena.ofShared();
          Kernels oracle = Providers.open("specification", 1);
          Kernels fast = Providers.open(provider, 1)) {
        long bytes = TensorType.Q8_0.bytes((long) KvLayer.BLOCK * dim);
        KvLayer kv =
            new KvLayer(arena.allocate(bytes), arena.allocate(bytes), TensorType.Q8_0, 1, dim);
        float[] x = TestData.gaussian(3 * dim, 1e-7, new Random(3));
        x[dim + 7] = extreme;
        x[dim + 8] = -extreme;
        TokenRows all = new TokenRows(3, new int[] {0, 1, 2}, new int[3], tables);
        oracle.storeKv(kv, all, Floats.copyOf(arena, x), Floats.copyOf(arena, x));
        AttentionSpec spec = new AttentionSpec(1, 1, dim, 0.4f, 0, 0f, null);
        compare(arena, oracle, fast, spec, kv, all, new Random(5));
      }
    }
  }

  /** The batch's positions for sequence 1, then all but the first of them for sequence 0. */
  private static TokenRows twoSequences(int[] positions, int[][] tables) {
    int n = positions.length;
    int[] all = new int[2 * n - 1];
    int[] sequence = new int[2 * n - 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = positions[i < n ? i : i - n + 1];
      sequence[i] = i < n ? 1 : 0;
    }
    return new TokenRows(all.length, all, sequence, tables);
  }

  private static void compare(
      Arena arena,
      Kernels oracle,
      Kernels fast,
      AttentionSpec spec,
      KvLayer kv,
      TokenRows rows,
      Random random) {
    int n = rows.count() * spec.heads() * spec.headDim();
    Floats q = Floats.copyOf(arena, TestData.gaussian(n, 2, random));
    Floats expected = Floats.allocate(arena, n);
    Floats got = Floats.allocate(arena, n);
    oracle.attention(spec, kv, rows, q, expected);
    fast.attention(spec, kv, rows, q, got);
    TestData.assertSameBits(
        expected.toArray(), got.toArray(), spec + " " + kv.type() + " x" + rows.count());
  }
}
