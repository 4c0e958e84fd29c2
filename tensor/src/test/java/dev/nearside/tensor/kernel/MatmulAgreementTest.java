package dev.nearside.tensor.kernel;

import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.TestData.Fill;
import dev.nearside.tensor.kernel.codes.CodeReader;
import dev.nearside.tensor.kernel.codes.CodeReaders;
import dev.nearside.tensor.quant.RandomBlocks;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every provider's products against the specification, bit for bit. A failure means that a reply
 * would depend on the machine, the number of threads or the shape of a batch.
 */
class MatmulAgreementTest {
  static Stream<Arguments> providersAndTypes() {
    List<TensorType> types = new ArrayList<>();
    CodeReaders.all().stream().map(CodeReader::type).forEach(types::add);
    types.addAll(List.of(TensorType.F16, TensorType.BF16, TensorType.F32));
    return Providers.fast().stream()
        .flatMap(name -> types.stream().map(type -> Arguments.of(name, type)));
  }

  static Stream<Arguments> fastNumericsAndTypes() {
    return providersAndTypes().filter(arguments -> hasFastNumerics((String) arguments.get()[0]));
  }

  private static boolean hasFastNumerics(String provider) {
    try (Kernels kernels = Providers.open(provider, 1)) {
      return kernels.hasFastNumerics();
    }
  }

  @ParameterizedTest
  @MethodSource("providersAndTypes")
  void matmul_oddShapes_givesTheSpecificationsBits(String provider, TensorType type) {
    Random random = new Random(type.ggmlId());
    for (int threads = 1; threads <= 3; threads++) {
      try (Kernels spec = Providers.open("specification", 1);
          Kernels fast = Providers.open(provider, threads)) {
        for (int rows : new int[] {1, 31, 33, 65}) {
          int[] widths =
              type.blockElems() == 256
                  ? new int[] {256, 768}
                  : type.blockElems() == 1 ? new int[] {8, 37, 608} : new int[] {32, 96, 256, 608};
          for (int cols : widths) {
            for (Fill fill : Fill.values()) {
              if (threads == 1 || fill == Fill.ORDINARY) {
                int tokens = new int[] {2, 3, 5, 12, 17}[random.nextInt(5)];
                compare(spec, fast, type, rows, cols, tokens, fill, random);
                compare(spec, fast, type, rows, cols, 1, fill, random);
              }
            }
          }
        }
        if (threads == 2) {
          compare(spec, fast, type, 70, 512, 64, Fill.ORDINARY, random);
        }
      }
    }
  }

  /** Fast numerics are defined as well; many tokens are in several groups. */
  @ParameterizedTest
  @MethodSource("fastNumericsAndTypes")
  void matmul_fastNumerics_givesTheSpecificationsBits(String provider, TensorType type) {
    int rows = 70;
    int cols = type.blockElems() == 1 ? 70 : 512;
    Random random = new Random(type.ggmlId());
    try (Kernels spec = Providers.open("specification", 2);
        Kernels fast = Providers.open(provider, 2);
        Arena arena = Arena.ofShared()) {
      MemorySegment weights = TestData.weights(arena, type, rows, cols, Fill.ORDINARY, random);
      for (TokenCount tokens :
          List.of(new TokenCount(1, 0), new TokenCount(9, 2), new TokenCount(150, 1))) {
        float[] x = TestData.activations(tokens.all() * cols, random);
        TestData.assertSameBits(
            product(spec, type, weights, rows, cols, tokens, x, arena),
            product(fast, type, weights, rows, cols, tokens, x, arena),
            type + " " + tokens);
      }
    }
  }

  /** Types without integer codes here are defined by what their format decodes. */
  @ParameterizedTest
  @MethodSource("providers")
  void matmul_decodedTypes_givesTheSpecificationsBits(String provider) {
    Random random = new Random(77);
    try (Kernels spec = Providers.open("specification", 2);
        Kernels fast = Providers.open(provider, 2)) {
      for (TensorType type : TensorType.values()) {
        if (FloatRows.canRead(type) && CodeReaders.of(type).isEmpty() && type.blockElems() > 1) {
          for (int tokens : new int[] {1, 3, 14}) {
            compare(spec, fast, type, 37, 512, tokens, Fill.LOWEST, random);
            compareRandomBlocks(spec, fast, type, tokens, random);
          }
        }
      }
    }
  }

  private static void compareRandomBlocks(
      Kernels spec, Kernels fast, TensorType type, int tokens, Random random) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment weights = arena.allocate(type.bytes(37 * 512));
      RandomBlocks.fill(type, weights, 1, random.nextLong());
      float[] x = TestData.activations(tokens * 512, random);
      float[] expected = product(spec, type, weights, 37, 512, tokens, x, arena);
      float[] got = product(fast, type, weights, 37, 512, tokens, x, arena);
      TestData.assertSameBits(expected, got, "random " + type + " tokens " + tokens);
    }
  }

  static List<String> providers() {
    return Providers.fast();
  }

  private static void compare(
      Kernels spec,
      Kernels fast,
      TensorType type,
      int rows,
      int cols,
      int tokens,
      Fill fill,
      Random random) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment weights = TestData.weights(arena, type, rows, cols, fill, random);
      float[] x = TestData.activations(tokens * cols, random);
      float[] expected = product(spec, type, weights, rows, cols, tokens, x, arena);
      float[] got = product(fast, type, weights, rows, cols, tokens, x, arena);
      String what = type + " " + rows + "x" + cols + " tokens " + tokens + " " + fill;
      TestData.assertSameBits(expected, got, what);
    }
  }

  static float[] product(
      Kernels kernels,
      TensorType type,
      MemorySegment weights,
      int rows,
      int cols,
      int tokens,
      float[] x,
      Arena arena) {
    return product(kernels, type, weights, rows, cols, TokenCount.exact(tokens), x, arena);
  }

  private static float[] product(
      Kernels kernels,
      TensorType type,
      MemorySegment weights,
      int rows,
      int cols,
      TokenCount count,
      float[] x,
      Arena arena) {
    int tokens = count.all();
    PackedWeights packed = kernels.pack(type, weights, rows, cols, arena);
    Activations activations = kernels.newActivations(tokens, cols, arena);
    kernels.prepare(Floats.copyOf(arena, x), count, cols, activations);
    Floats out = Floats.allocate(arena, (long) tokens * rows);
    kernels.matmul(packed, activations, out);
    float[] result = new float[tokens * rows];
    out.get(0, result, 0, result.length);
    return result;
  }
}
