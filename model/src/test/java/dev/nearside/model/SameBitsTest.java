package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.model.kv.KvStore;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShape;
import dev.nearside.model.synth.SynthShapes;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.KernelProviders;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Exact numerics: kernels, threads, chunks and neighbours in the batch change no bit. */
class SameBitsTest {
  private static final int[] CHUNKS = {1, 7, 64, 512};
  private static final int[] PROMPT =
      IntStream.range(0, 512).map(i -> 3 + (i * 37 + i * i % 91) % 600).toArray();
  private static final int WANTED = 70; // logits rows at the end: more than one tile of keys

  private @TempDir Path temp;

  @TestFactory
  Stream<DynamicTest> logits_tinyModels_areTheSameInEveryTierChunkAndThreadCount() {
    return SynthShapes.all().stream()
        .map(SynthShape::name)
        .filter(name -> name.startsWith("tiny-"))
        .map(name -> DynamicTest.dynamicTest(name, () -> everythingAgrees(name)));
  }

  private void everythingAgrees(String name) {
    // The whole grid on one model; on the others enough to cross tiles, chunks and threads.
    boolean isWhole = name.equals("tiny-llama");
    int[] prompt = Arrays.copyOf(PROMPT, isWhole ? PROMPT.length : 100);
    Path file = synth(name, "Q4_K_M");
    float[][] expected = fed(file, "specification", prompt, 512, 1);
    assertTrue(spread(expected[WANTED - 1]) > 0.01, "the logits say something");
    if (isWhole) {
      assertSame(expected, fed(file, "specification", prompt, 7, 2), "specification, chunk 7");
      assertSame(expected, fed(file, "scalar", prompt, 1, 2), "scalar, chunk 1");
    }
    assertSame(expected, fed(file, "scalar", prompt, 64, 2), "scalar, chunk 64");
    for (String kernels : fast()) {
      for (int threads = 1; threads <= 2; threads++) {
        try (Feeder feeder = Feeder.open(file, kernels, threads)) {
          for (int i = 0; i < CHUNKS.length; i++) {
            if (isWhole || i % 2 == threads % 2) {
              feeder.restart();
              assertSame(
                  expected,
                  feeder.feed(prompt, CHUNKS[i], WANTED),
                  kernels + ", chunk " + CHUNKS[i] + ", threads " + threads);
            }
          }
        }
      }
    }
  }

  private static List<String> fast() {
    return KernelProviders.hasMachineCode() ? List.of("vector", "machine") : List.of("vector");
  }

  @TestFactory
  Stream<DynamicTest> logits_quantMixes_areTheSameInEveryTier() {
    return Stream.of("F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q6_K", "Q5_K_M")
        .map(mix ->
            DynamicTest.dynamicTest(
                mix,
                () -> {
                  Path file = synth("tiny-llama", mix);
                  int[] prompt = Arrays.copyOf(PROMPT, 66);
                  float[][] expected = fed(file, "specification", prompt, 66, 1, 66);
                  assertSame(expected, fed(file, "scalar", prompt, 5, 2, 66), "scalar, " + mix);
                  for (String kernels : fast()) {
                    assertSame(
                        expected, fed(file, kernels, prompt, 5, 2, 66), kernels + ", " + mix);
                  }
                }));
  }

  @Test
  void logits_eightBitCache_areTheSameInEveryTierAndNearSixteenBits() {
    Path file = synth("tiny-gemma3", "Q4_K_M"); // with a sliding window
    int[] prompt = Arrays.copyOf(PROMPT, 150);
    try (Feeder sixteen = Feeder.open(file, "vector", 1);
        Feeder spec = Feeder.open(file, "specification", 2, TensorType.Q8_0);
        Feeder scalar = Feeder.open(file, "scalar", 2, TensorType.Q8_0);
        Feeder starting = Feeder.open(file, "starting", 2, TensorType.Q8_0);
        Feeder vector = Feeder.open(file, "vector", 2, TensorType.Q8_0)) {
      assertEquals(
          sixteen.model().info().kvBytesPerToken() * 34 / 64,
          vector.model().info().kvBytesPerToken());
      float[][] expected = spec.feed(prompt, 150, WANTED);
      assertSame(expected, scalar.feed(prompt, 64, WANTED), "scalar");
      assertSame(expected, starting.feed(prompt, 70, WANTED), "plain loops");
      for (int chunk : CHUNKS) {
        vector.restart();
        assertSame(expected, vector.feed(prompt, chunk, WANTED), "vector, chunk " + chunk);
      }
      float[][] exact = sixteen.feed(prompt, 150, WANTED);
      double error = 0;
      for (int i = 0; i < exact[WANTED - 1].length; i++) {
        error = Math.max(error, Math.abs(exact[WANTED - 1][i] - expected[WANTED - 1][i]));
      }
      assertTrue(error > 0, "eight bits are used");
      assertTrue(error < 0.05 * spread(exact[WANTED - 1]), "error " + error);
    }
  }

  @Test
  void newKvStore_headsThatAreNoWholeGroups_isRefused() {
    ModelException e =
        assertThrows(
            ModelException.class,
            () -> new KvStore(List.of(new KvStore.Shape(1, 80)), TensorType.Q8_0, 1));
    assertTrue(e.toString().contains("80"), e.toString());
  }

  @Test
  void logits_plainLoopsThenVectors_areTheSameAllTheWay() {
    Path file = synth("tiny-llama", "Q4_0");
    int[] prompt = Arrays.copyOf(PROMPT, 100);
    float[][] expected = fed(file, "specification", prompt, 100, 1);
    try (Feeder starting = Feeder.open(file, "starting", 2)) {
      assertFalse(starting.isFast());
      assertSame(expected, starting.feed(prompt, 100, WANTED), "plain loops");
      long end = System.nanoTime() + 60_000_000_000L;
      int roundsAfter = 0;
      for (int round = 0; roundsAfter < 3; round++) {
        assertTrue(System.nanoTime() < end, "vectors take over");
        roundsAfter += starting.isFast() ? 1 : 0;
        starting.restart();
        assertSame(expected, starting.feed(prompt, 1 + round % 9, WANTED), "round " + round);
      }
    }
  }

  @Test
  void logits_twoSequencesInOneBatch_eachIsAsAlone() {
    Path file = synth("tiny-gemma3", "Q4_K_M"); // with a sliding window
    int[] a = Arrays.copyOf(PROMPT, 90);
    int[] b = Arrays.copyOfRange(PROMPT, 200, 300);
    try (Feeder alone = Feeder.open(file, "vector", 2)) {
      float[] ofA = alone.feed(a, 512, 1)[0];
      alone.restart();
      float[] ofB = alone.feed(b, 512, 1)[0];
      LanguageModel model = alone.model();
      int vocab = model.info().vocabSize();
      int[] ids = IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
      int[] positions =
          IntStream.concat(IntStream.range(0, a.length), IntStream.range(0, b.length)).toArray();
      int[] tables = IntStream.range(0, ids.length).map(i -> i < a.length ? 0 : 1).toArray();
      int[][] blocks = {{3, 0}, {1, 2}};
      int[] rows = {a.length - 1, ids.length - 1};
      try (KvStore kv = model.newKvStore(4);
          Arena arena = Arena.ofShared()) {
        Floats logits = Floats.allocate(arena, 2L * vocab);
        model.forward(new Batch(ids, positions, tables, blocks, rows), kv, logits);
        float[] both = logits.toArray();
        assertArrayEquals(ofA, Arrays.copyOf(both, vocab), 0f);
        assertArrayEquals(ofB, Arrays.copyOfRange(both, vocab, 2 * vocab), 0f);
      }
    }
  }

  @Test
  void ensure_storeGrowsMeanwhile_whatWasStoredStays() {
    Path file = synth("tiny-llama", "Q4_0");
    try (Feeder all = Feeder.open(file, "vector", 1)) {
      LanguageModel model = all.model();
      float[] expected = all.feed(Arrays.copyOf(PROMPT, 130), 130, 1)[0];
      try (KvStore kv = model.newKvStore(1);
          Arena arena = Arena.ofShared()) {
        Floats logits = Floats.allocate(arena, model.info().vocabSize());
        for (int p = 0; p < 130; p++) {
          kv.ensure(p / KvStore.BLOCK + 1);
          int[] rows = p == 129 ? new int[] {0} : new int[0];
          int[][] table = {{0, 1, 2}};
          model.forward(
              new Batch(new int[] {PROMPT[p]}, new int[] {p}, new int[1], table, rows), kv, logits);
        }
        assertArrayEquals(expected, logits.toArray(), 0f);
      }
    }
  }

  @Test
  @Tag("model")
  void logits_defaultModel_areTheSameInEveryTier() {
    Path file = RealModels.require(RealModels.SMOLLM2);
    int[] prompt = IntStream.range(0, 64).map(i -> 100 + i * i * 7 % 40_000).toArray();
    try (Feeder spec = Feeder.open(file, "specification", 2);
        Feeder scalar = Feeder.open(file, "scalar", 2);
        Feeder vector = Feeder.open(file, "vector", 1)) {
      float[][] expected = spec.feed(prompt, 64, 8);
      assertSame(expected, scalar.feed(prompt, 64, 8), "scalar");
      for (int chunk : List.of(1, 7, 64)) {
        vector.restart();
        assertSame(expected, vector.feed(prompt, chunk, 8), "chunk " + chunk);
      }
    }
  }

  private Path synth(String shape, String mix) {
    Path file = temp.resolve(shape + "-" + mix + ".gguf");
    Synth.write(SynthShapes.of(shape), QuantMix.of(mix), file, 42, Synth.Progress.NONE);
    return file;
  }

  private static float[][] fed(Path file, String kernels, int[] prompt, int chunk, int threads) {
    return fed(file, kernels, prompt, chunk, threads, WANTED);
  }

  private static float[][] fed(
      Path file, String kernels, int[] prompt, int chunk, int threads, int wanted) {
    try (Feeder feeder = Feeder.open(file, kernels, threads)) {
      return feeder.feed(prompt, chunk, wanted);
    }
  }

  // Bits, not values: -0 is not 0.
  private static void assertSame(float[][] expected, float[][] got, String what) {
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(bits(expected[i]), bits(got[i]), what + ", row " + i);
    }
  }

  private static int[] bits(float[] row) {
    return IntStream.range(0, row.length).map(i -> Float.floatToRawIntBits(row[i])).toArray();
  }

  private static double spread(float[] row) {
    double mean = IntStream.range(0, row.length).mapToDouble(i -> row[i]).average().orElse(0);
    return Math.sqrt(
        IntStream.range(0, row.length)
            .mapToDouble(i -> (row[i] - mean) * (row[i] - mean))
            .average()
            .orElse(0));
  }
}
