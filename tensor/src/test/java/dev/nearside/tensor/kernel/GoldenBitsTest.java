package dev.nearside.tensor.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.codes.CodeBlock;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The specification against bits that exact-goldens.py computed with exact fractions. If one of
 * these fails, the numerics have changed: a new version of them, not a new golden file.
 */
class GoldenBitsTest {
  static Stream<String> lines() throws IOException {
    try (InputStream in = GoldenBitsTest.class.getResourceAsStream("exact-goldens.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void specification_goldenInput_givesGoldenBits(String line) {
    String[] sides = line.split(" = ");
    float[] expected = new float[sides[1].split(" ").length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(sides[1].split(" ")[i], 16));
    }
    float[] got = compute(sides[0].split(" "));
    assertTrue(got.length > 0);
    assertArrayEquals(bits(expected), bits(got), sides[0]);
  }

  private static float[] compute(String[] key) {
    return switch (key[0]) {
      case "exp" ->
          floats(
              IntStream.iterate(-6700, n -> n < 6000, n -> n + 97)
                  .filter(n -> n / 64f < 88)
                  .mapToDouble(n -> SpecMath.exp(n / 64f)));
      case "tanh" -> floats(grid().mapToDouble(n -> SpecMath.tanh(n / 256f)));
      case "silu" -> floats(grid().mapToDouble(n -> SpecMath.silu(n / 256f)));
      case "gelu" ->
          floats(grid().filter(n -> n / 256f > -9).mapToDouble(n -> SpecMath.geluTanh(n / 256f)));
      case "oai" -> floats(grid().mapToDouble(n -> SpecMath.swigluOai(n / 256f, -n / 256f)));
      case "quantise" -> quantise();
      case "dot" -> dot(TensorType.valueOf(key[1]), HexFormat.of().parseHex(key[2]));
      case "floats" -> new float[] {SpecRows.dotFloats(values(3, 37), 0, values(4, 37), 0, 37)};
      case "norm" -> {
        float[] out = new float[37];
        SpecLayers.rmsNorm(values(5, 37), 0, values(6, 37), 1e-5f, 37, out, 0);
        yield out;
      }
      case "softmax" -> {
        float[] x = values(8, 37);
        SpecLayers.softmax(x, 0, 37);
        yield x;
      }
      case "rope" -> {
        float[] x = values(9, 10);
        SpecLayers.rope(x, 0, 8, RopeStyle.valueOf(key[1]), values(10, 8), 0);
        yield x;
      }
      case "attention" -> attention(key, TensorType.F16, 5);
      case "attention8" -> attention(key, TensorType.Q8_0, 64);
      case "gelu_erf" -> floats(grid().mapToDouble(n -> SpecEncoder.gelu(n / 256f)));
      case "layer_norm" -> {
        float[] out = new float[37];
        SpecEncoder.layerNorm(values(14, 37), 0, values(15, 37), values(16, 37), 1e-5f, 37, out, 0);
        yield out;
      }
      case "both" -> {
        float[] out = new float[5];
        SpecEncoder.head(
            new EncoderSpec(1, 5, 7 / 16f, Integer.parseInt(key[2])),
            Integer.parseInt(key[1]),
            150,
            values(11, 5),
            values(17, 750),
            values(18, 750),
            out);
        yield out;
      }
      default -> throw new AssertionError(key[0]);
    };
  }

  private static float[] quantise() {
    int[] codes = new int[96];
    float[] out = new float[99];
    SpecRows.quantise(values(1, 96), 0, 96, SpecRows.MAX_CODE, codes, 0, out, 96);
    for (int i = 0; i < 96; i++) {
      out[i] = codes[i];
    }
    return out;
  }

  private static float[] dot(TensorType type, byte[] row) {
    int cols = row.length / type.blockBytes() * type.blockElems();
    int[] codes = new int[cols];
    float[] scales = new float[cols / 32];
    SpecRows.quantise(values(2, cols), 0, cols, SpecRows.MAX_CODE, codes, 0, scales, 0);
    float y =
        SpecRows.dotCodes(
            CodeReaders.of(type).orElseThrow(),
            MemorySegment.ofArray(row),
            0,
            cols,
            codes,
            0,
            scales,
            0,
            new CodeBlock());
    return new float[] {y};
  }

  private static float[] attention(String[] key, TensorType type, int dim) {
    int positions = 150;
    int[] table = {2, 0, 1};
    try (Arena arena = Arena.ofConfined();
        Kernels kernels = new ScalarKernels(1)) {
      long bytes = type.bytes(dim * 192L);
      KvLayer kv = new KvLayer(arena.allocate(bytes), arena.allocate(bytes), type, 1, dim);
      TokenRows rows =
          new TokenRows(
              positions,
              IntStream.range(0, positions).toArray(),
              new int[positions],
              new int[][] {table});
      kernels.storeKv(
          kv,
          rows,
          Floats.copyOf(arena, values(12, dim * positions)),
          Floats.copyOf(arena, values(13, dim * positions)));
      Floats sinks =
          key[4].equals("-") ? null : Floats.copyOf(arena, new float[] {Float.parseFloat(key[4])});
      AttentionSpec spec =
          new AttentionSpec(
              1, 1, dim, 7 / 16f, Integer.parseInt(key[2]), Float.parseFloat(key[3]), sinks);
      float[] out = new float[dim];
      SpecAttention.head(spec, kv, table, Integer.parseInt(key[1]), 0, values(11, dim), 0, out, 0);
      return out;
    }
  }

  private static IntStream grid() {
    return IntStream.iterate(-3000, n -> n < 3000, n -> n + 61);
  }

  private static float[] floats(DoubleStream stream) {
    double[] wide = stream.toArray();
    float[] out = new float[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) wide[i];
    }
    return out;
  }

  private static int[] bits(float[] x) {
    int[] out = new int[x.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Float.floatToIntBits(x[i]);
    }
    return out;
  }

  static int word(int seed, int i) {
    int h = seed * 0x9E3779B1 + i * 0x85EBCA6B;
    h ^= h >>> 15;
    h *= 0x2C1B3C6D;
    h ^= h >>> 12;
    h *= 0x297A2D39;
    return h ^ (h >>> 15);
  }

  /** Values in -4 … 4 of 16 bits. */
  static float[] values(int seed, int n) {
    float[] out = new float[n];
    for (int i = 0; i < n; i++) {
      out[i] = ((word(seed, i) & 0xFFFF) - 32768) / 8192f;
    }
    return out;
  }

  @Test
  void exp_wholeRange_isWithinTwoUlps() {
    for (int n = -87 * 1024; n < 88 * 1024; n += 7) {
      float x = n / 1024f;
      double truth = StrictMath.exp(x);
      assertEquals(truth, SpecMath.exp(x), 1.5 * Math.ulp((float) truth), "exp " + x);
      double t = StrictMath.tanh(x / 8);
      assertEquals(t, SpecMath.tanh(x / 8), 2 * Math.ulp((float) t), "tanh " + x / 8);
    }
  }

  @Test
  void gelu_wholeRange_isCloseToTheTruth() {
    for (int n = -16 * 1024; n < 16 * 1024; n += 3) {
      float x = n / 1024f;
      assertEquals(x * normal(x), SpecEncoder.gelu(x), 3e-7 * Math.max(1, x), "gelu " + x);
    }
    assertEquals(1e10f, SpecEncoder.gelu(1e10f));
    assertEquals(0f, Math.abs(SpecEncoder.gelu(-1e10f)));
    assertTrue(Float.isNaN(SpecEncoder.gelu(Float.NaN)));
  }

  /** The normal distribution by its series: every term is positive, so nothing cancels. */
  private static double normal(double x) {
    double term = Math.abs(x);
    double sum = term;
    for (int k = 3; k < 1000; k += 2) {
      term *= x * x / k;
      sum += term;
    }
    double half = sum * StrictMath.exp(-x * x / 2) / StrictMath.sqrt(2 * Math.PI);
    return x < 0 ? 0.5 - half : 0.5 + half;
  }

  @Test
  void functions_atExtremes_areSane() {
    assertEquals(0f, SpecMath.exp(-1e30f));
    assertEquals(Float.POSITIVE_INFINITY, SpecMath.exp(1e30f));
    assertTrue(Float.isNaN(SpecMath.exp(Float.NaN)));
    assertTrue(Float.isNaN(SpecMath.tanh(Float.NaN)));
    assertEquals(1f, SpecMath.tanh(Float.POSITIVE_INFINITY));
    assertEquals(-1f, SpecMath.tanh(-1e30f));
    assertEquals(0f, SpecMath.sigmoid(-1e30f));
    assertEquals(1f, SpecMath.sigmoid(1e30f));
    assertEquals(1e30f, SpecMath.silu(1e30f));
    assertEquals(0f, Math.abs(SpecMath.silu(-1e30f)));
    assertEquals(1e10f, SpecMath.geluTanh(1e10f));
    assertEquals(0f, Math.abs(SpecMath.geluTanh(-1e10f)));
  }
}
