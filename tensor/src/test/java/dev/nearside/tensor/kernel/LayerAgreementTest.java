package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Norms, softmax, activation functions and sums of every provider against the specification. */
class LayerAgreementTest {
  private static final int[] DIMS = {1, 5, 15, 16, 17, 31, 64, 100, 608, 2049};

  static List<String> providers() {
    return Providers.fast();
  }

  /** Ordinary values, and every fourth of any magnitude, sign and exponent. */
  private static float[] wild(int n, Random random) {
    float[] out = TestData.gaussian(n, 4, random);
    for (int i = 0; i < n; i += 4) {
      float any = Float.intBitsToFloat(random.nextInt());
      out[i] = Float.isNaN(any) ? 0 : any;
    }
    return out;
  }

  private interface Operation {
    void run(Kernels kernels, Floats x, Floats y);
  }

  private static void compare(String provider, float[] x, float[] y, String what, Operation op) {
    try (Arena arena = Arena.ofShared();
        Kernels spec = Providers.open("specification", 1);
        Kernels one = Providers.open(provider, 1);
        Kernels three = Providers.open(provider, 3)) {
      Floats expected = Floats.copyOf(arena, x);
      Floats other = Floats.copyOf(arena, y);
      op.run(spec, expected, other);
      for (Kernels fast : new Kernels[] {one, three}) {
        Floats got = Floats.copyOf(arena, x);
        op.run(fast, got, other);
        TestData.assertSameBits(expected.toArray(), got.toArray(), what);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void rmsNorm_oddDims_givesTheSpecificationsBits(String provider) {
    Random random = new Random(1);
    for (int dim : DIMS) {
      float[] weight = TestData.gaussian(dim, 1, random);
      for (int rows : new int[] {1, 3, 40}) {
        float[] x = TestData.gaussian(rows * dim, 10, random);
        compare(
            provider, x, weight, "norm " + dim, (k, a, w) -> k.rmsNorm(a, w, 1e-6f, rows, dim, a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void softmax_oddDims_givesTheSpecificationsBits(String provider) {
    Random random = new Random(2);
    for (int dim : DIMS) {
      float[] x = TestData.gaussian(3 * dim, 20, random);
      compare(provider, x, x, "softmax " + dim, (k, a, b) -> k.softmax(a, 3, dim));
      float[] wild = wild(3 * dim, random);
      compare(provider, wild, x, "wild softmax " + dim, (k, a, b) -> k.softmax(a, 3, dim));
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void gated_anyValues_givesTheSpecificationsBits(String provider) {
    Random random = new Random(3);
    for (GatedActivation act : GatedActivation.values()) {
      for (int n : new int[] {1, 7, 33, 1024, 1030, 50_001}) {
        compare(
            provider,
            wild(n, random),
            TestData.gaussian(n, 2, random),
            act + " " + n,
            (k, a, b) -> k.gated(act, a, b, n, a));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void softCap_anyValues_givesTheSpecificationsBits(String provider) {
    Random random = new Random(4);
    for (int n : new int[] {1, 31, 1025, 40_000}) {
      float[] x = wild(n, random);
      compare(provider, x, x, "cap " + n, (k, a, b) -> k.softCap(a, 30f, n));
      compare(provider, x, x, "small cap " + n, (k, a, b) -> k.softCap(a, 0.5f, n));
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void sums_anyLengths_giveTheSpecificationsBits(String provider) {
    Random random = new Random(5);
    for (int n : new int[] {1, 30, 64, 40_001}) {
      float[] x = TestData.gaussian(n, 1, random);
      float[] y = TestData.gaussian(n, 1, random);
      compare(provider, x, y, "add", (k, a, b) -> k.add(a, b, n));
      compare(provider, x, y, "addScaled", (k, a, b) -> k.addScaled(a, b, 0.3f, n));
      compare(provider, x, y, "scale", (k, a, b) -> k.scale(a, 0.7f, n));
    }
    for (int dim : DIMS) {
      float[] x = TestData.gaussian(50 * dim, 1, random);
      float[] bias = TestData.gaussian(dim, 1, random);
      compare(provider, x, bias, "bias", (k, a, b) -> k.addBias(a, b, 50, dim));
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void rope_bothStyles_giveTheSpecificationsBits(String provider) {
    Random random = new Random(6);
    int[] positions = {0, 3, 1, 9, 9, 2};
    TokenRows rows = new TokenRows(6, positions, new int[6], new int[][] {{0}});
    for (RopeStyle style : RopeStyle.values()) {
      for (int ropeDim : new int[] {2, 6, 64, 100}) {
        float[] x = TestData.gaussian(6 * 3 * 100, 1, random);
        float[] table = TestData.gaussian(10 * ropeDim, 1, random);
        compare(
            provider,
            x,
            table,
            style + " " + ropeDim,
            (k, a, b) -> k.rope(a, rows, 3, new RopeShape(100, ropeDim, style), b));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void prepare_notFinite_throws(String provider) {
    try (Arena arena = Arena.ofShared();
        Kernels kernels = Providers.open(provider, 3)) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1f / 0f}) {
        for (int at : new int[] {0, 31, 32, 66, 69, 70 * 40 - 1}) {
          float[] x = new float[70 * 40];
          x[at] = bad;
          Activations into = kernels.newActivations(40, 70, arena);
          Floats floats = Floats.copyOf(arena, x);
          assertThrows(
              TensorException.class, () -> kernels.prepare(floats, 40, 70, into), bad + " " + at);
        }
      }
    }
  }
}
