package dev.nearside.model.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.safetensors.HfFolder;
import dev.nearside.model.EncoderInput;
import dev.nearside.model.EncoderModel;
import dev.nearside.model.EncoderRuns;
import dev.nearside.model.Pooling;
import dev.nearside.model.golden.GoldenIndex.Breaker;
import dev.nearside.model.hf.HfModelFile;
import dev.nearside.tensor.kernel.ReferenceKernels;
import dev.nearside.tensor.kernel.ScalarKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every encoder against PyTorch transformers, from GGUF and from safetensors; and wrong settings,
 * which must show.
 */
class EncoderGoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/golden/encoders");
  private static final double REFERENCE_TOLERANCE = 1e-4;
  private static final double EXACT_RELATIVE_RMS = 2e-3;

  private final Map<String, Object> index =
      HfFolder.open(ROOT.resolve("bert")).json("../index.json").orElseThrow();
  private @TempDir Path temp;

  /** States, means and scores of all inputs, one after the other. */
  private record Case(
      String name, String gguf, boolean ggufHasHead, float[] golden, List<Breaker> breakers) {
    Path folder() {
      return ROOT.resolve(name);
    }

    boolean isRanking() {
      return name.endsWith("rank");
    }
  }

  @TestFactory
  Stream<DynamicTest> reference_everyCase_equalsTransformers() {
    return cases().stream()
        .flatMap(c ->
            Stream.of(
                DynamicTest.dynamicTest(c.name + " safetensors", () -> equal(c, folder(c))),
                DynamicTest.dynamicTest(c.name + " gguf", () -> equal(c, gguf(c)))));
  }

  private void equal(Case c, TensorFile file) {
    float[] got = run(EncoderRuns.open(file, new ReferenceKernels(1), 96), c);
    assertEquals(c.golden.length, got.length);
    float[] seen = comparable(c, file, got);
    float[] golden = comparable(c, file, c.golden);
    double error = rms(seen, golden) / std(golden);
    assertTrue(error < REFERENCE_TOLERANCE, () -> c.name + ": off by " + error);
  }

  // Without the scores, where a GGUF file lacks a part of the head.
  private float[] comparable(Case c, TensorFile file, float[] values) {
    boolean isWhole = c.ggufHasHead || !(file instanceof GgufFile);
    return isWhole ? values : Arrays.copyOf(values, values.length - inputs().size());
  }

  @TestFactory
  Stream<DynamicTest> exact_everyCase_staysWithinItsBound() {
    return cases().stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.name,
                () -> {
                  float[] got = run(EncoderRuns.open(folder(c), new ScalarKernels(1), 96), c);
                  double error = rms(got, c.golden) / std(c.golden);
                  assertTrue(error < EXACT_RELATIVE_RMS, () -> "relative RMS error " + error);
                  float[] gguf = run(EncoderRuns.open(gguf(c), new ScalarKernels(1), 7), c);
                  TensorFile file = gguf(c);
                  assertArrayEquals(
                      comparable(c, file, got),
                      comparable(c, file, gguf),
                      0f,
                      "GGUF gives the same bits, in other pieces");
                  file.close();
                }));
  }

  @TestFactory
  Stream<DynamicTest> reference_wrongSetting_breaksTheStates() {
    return cases().stream()
        .flatMap(c ->
            c.breakers.stream()
                .map(b -> DynamicTest.dynamicTest(c.name + ": " + b.what(), () -> breaks(c, b))));
  }

  private void breaks(Case c, Breaker b) throws IOException {
    Path folder = changed(c, b.map("config"));
    TensorFile file = ChangedFile.of(HfModelFile.open(folder), Map.of(), b.map("ggufFill"));
    float[] wrong = run(EncoderRuns.open(file, new ReferenceKernels(1), 96), c);
    double moved = rms(wrong, c.golden) / std(c.golden);
    assertTrue(
        moved > 10 * REFERENCE_TOLERANCE && moved > b.rms() / 2 && moved < b.rms() * 2,
        () -> "moved by " + moved + ", the reference by " + b.rms());
  }

  private float[] run(EncoderModel model, Case c) {
    try (model) {
      List<Integer> positions = new ArrayList<>();
      list(index.get("positions")).forEach(p -> positions.add(((Number) p).intValue()));
      List<Float> out = new ArrayList<>();
      List<EncoderInput> inputs = inputs();
      int hidden = model.encoder().hidden();
      List<float[]> states = encode(model, Pooling.NONE);
      for (int i = 0; i < states.size(); i++) {
        for (int t = 0; t < inputs.get(i).length(); t++) {
          if (i > 0 || positions.contains(t)) {
            add(out, Arrays.copyOfRange(states.get(i), t * hidden, (t + 1) * hidden));
          }
        }
      }
      encode(model, Pooling.MEAN).forEach(v -> add(out, v));
      if (c.isRanking()) {
        encode(model, Pooling.RANK).forEach(v -> add(out, v));
      }
      return floats(out);
    }
  }

  private List<float[]> encode(EncoderModel model, Pooling pooling) {
    return model.encode(inputs(), pooling, () -> false);
  }

  private static void add(List<Float> out, float[] values) {
    for (float v : values) {
      out.add(v);
    }
  }

  private List<EncoderInput> inputs() {
    List<EncoderInput> out = new ArrayList<>();
    for (Object o : list(index.get("inputs"))) {
      Map<String, Object> input = GoldenIndex.object(o);
      int[] ids = list(input.get("ids")).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
      out.add(new EncoderInput(ids, (int) GoldenIndex.number(input, "secondFrom")));
    }
    return out;
  }

  private List<Case> cases() {
    List<Case> out = new ArrayList<>();
    for (Object o : list(index.get("cases"))) {
      Map<String, Object> values = GoldenIndex.object(o);
      List<Float> golden = new ArrayList<>();
      for (String key : List.of("states", "means", "scores")) {
        for (Object row : list(values.get(key))) {
          list(row).forEach(v -> golden.add(((Number) v).floatValue()));
        }
      }
      List<Breaker> breakers = new ArrayList<>();
      list(values.get("breakers")).forEach(b -> breakers.add(new Breaker(GoldenIndex.object(b))));
      out.add(
          new Case(
              String.valueOf(values.get("name")),
              String.valueOf(values.get("gguf")),
              Boolean.TRUE.equals(values.get("ggufHasHead")),
              floats(golden),
              breakers));
    }
    return out;
  }

  private TensorFile folder(Case c) {
    return HfModelFile.open(c.folder());
  }

  private static TensorFile gguf(Case c) {
    return GgufFile.open(c.folder().resolve(c.gguf));
  }

  private Path changed(Case c, Map<String, Object> changes) throws IOException {
    Path out = Files.createTempDirectory(temp, c.name);
    Files.copy(c.folder().resolve("config.json"), out.resolve("config.json"));
    Files.copy(c.folder().resolve("model.safetensors"), out.resolve("model.safetensors"));
    ChangedFolder.change(out, changes);
    return out;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> l ? l : List.of();
  }

  private static float[] floats(List<Float> values) {
    float[] out = new float[values.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = values.get(i);
    }
    return out;
  }

  private static double std(float[] a) {
    double mean = 0;
    for (float v : a) {
      mean += v / a.length;
    }
    double sum = 0;
    for (float v : a) {
      sum += (v - mean) * (v - mean);
    }
    return Math.sqrt(sum / a.length);
  }

  private static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }
}
