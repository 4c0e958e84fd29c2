package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What encoders add, of every provider against the specification. */
class EncoderAgreementTest {
  private static final int[] DIMS = {1, 5, 15, 16, 17, 31, 64, 100, 384, 1025};

  static List<String> providers() {
    return Providers.fast();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void layerNorm_oddDims_givesTheSpecificationsBits(String provider) {
    Random random = new Random(1);
    for (int dim : DIMS) {
      for (int rows : new int[] {1, 3, 40}) {
        float[] x = TestData.gaussian(rows * dim, 10, random);
        float[] weight = TestData.gaussian(dim, 1, random);
        norm(provider, x, weight, TestData.gaussian(dim, 1, random), rows, dim);
        norm(provider, x, weight, null, rows, dim);
      }
    }
  }

  private static void norm(
      String provider, float[] x, float[] weight, float @Nullable [] bias, int rows, int dim) {
    try (Arena arena = Arena.ofShared();
        Kernels spec = Providers.open("specification", 1);
        Kernels fast = Providers.open(provider, 3)) {
      Floats w = Floats.copyOf(arena, weight);
      Floats b = bias == null ? null : Floats.copyOf(arena, bias);
      Floats expected = Floats.copyOf(arena, x);
      Floats got = Floats.copyOf(arena, x);
      spec.encoder().layerNorm(expected, w, b, 1e-12f, rows, dim, expected);
      fast.encoder().layerNorm(got, w, b, 1e-12f, rows, dim, got);
      TestData.assertSameBits(expected.toArray(), got.toArray(), rows + " rows of " + dim);
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void activate_anyValues_givesTheSpecificationsBits(String provider) {
    Random random = new Random(2);
    try (Arena arena = Arena.ofShared();
        Kernels spec = Providers.open("specification", 1);
        Kernels fast = Providers.open(provider, 3)) {
      for (Activation act : Activation.values()) {
        for (int n : new int[] {1, 7, 33, 1024, 1030, 50_001}) {
          float[] x = TestData.gaussian(n, 4, random);
          for (int i = 0; i < n; i += 4) {
            x[i] = Float.intBitsToFloat(random.nextInt());
          }
          Floats expected = Floats.copyOf(arena, x);
          Floats got = Floats.copyOf(arena, x);
          spec.encoder().activate(act, expected, n);
          fast.encoder().activate(act, got, n);
          TestData.assertSameBits(expected.toArray(), got.toArray(), act + " " + n);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void attention_everyShape_givesTheSpecificationsBits(String provider) {
    Random random = new Random(3);
    try (Arena arena = Arena.ofShared();
        Kernels oracle = Providers.open("specification", 1);
        Kernels fast = Providers.open(provider, 3)) {
      for (int[] shape : new int[][] {{1, 5}, {4, 16}, {3, 64}, {2, 40}, {1, 128}}) {
        for (int reach : new int[] {0, 1, 20, 64, 100, Integer.MAX_VALUE}) {
          for (int[] starts : new int[][] {{0, 1}, {0, 64, 65}, {0, 3, 133, 200}}) {
            EncoderSpec spec = new EncoderSpec(shape[0], shape[1], 0.3f, reach);
            int n = starts[starts.length - 1] * spec.width();
            Floats q = Floats.copyOf(arena, TestData.gaussian(n, 2, random));
            Floats k = Floats.copyOf(arena, TestData.gaussian(n, 1, random));
            Floats v = Floats.copyOf(arena, TestData.gaussian(n, 1, random));
            Floats expected = Floats.allocate(arena, n);
            Floats got = Floats.allocate(arena, n);
            oracle.encoder().attention(spec, starts, q, k, v, expected);
            fast.encoder().attention(spec, starts, q, k, v, got);
            TestData.assertSameBits(
                expected.toArray(), got.toArray(), spec + " " + Arrays.toString(starts));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void attention_senselessShape_throws(String provider) {
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Providers.open(provider, 1)) {
      Floats x = Floats.allocate(arena, 64);
      EncoderSpec spec = new EncoderSpec(2, 8, 1f, 0);
      for (int[] starts : new int[][] {{}, {0, 0}, {0, 3, 2}, {-1, 2}, {0, 5}}) {
        assertThrows(
            TensorException.class,
            () -> kernels.encoder().attention(spec, starts, x, x, x, x),
            Arrays.toString(starts));
      }
    }
  }
}
