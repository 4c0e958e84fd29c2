package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.safetensors.HfFolder;
import dev.nearside.model.kv.KvStore;
import dev.nearside.tensor.Floats;
import dev.nearside.tensor.TensorType;
import dev.nearside.tensor.kernel.Kernels;
import dev.nearside.tensor.kernel.ReferenceKernels;
import dev.nearside.tensor.kernel.ScalarKernels;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters as llama.cpp converts them, against PyTorch with merged weights: {@code
 * src/test/golden/tiny/make_adapters.py} made both.
 */
class AdapterGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  /** Adapters at work in a model. */
  record Run(String name, String model, double std, Map<String, Float> scales) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Run> runs() {
    return list(json("adapters").get("runs")).stream().map(AdapterGoldenTest::run);
  }

  private static Run run(Object value) {
    Map<?, ?> run = (Map<?, ?>) value;
    Map<String, Float> scales = new LinkedHashMap<>();
    for (Object adapter : list(run.get("adapters"))) {
      Map<?, ?> entry = (Map<?, ?>) adapter;
      scales.put(
          String.valueOf(entry.get("file")), Float.valueOf(String.valueOf(entry.get("scale"))));
    }
    return new Run(
        String.valueOf(run.get("name")),
        String.valueOf(run.get("model")),
        Double.parseDouble(String.valueOf(run.get("logitsStd"))),
        scales);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void reference_golden_equalsMergedWeights(Run run) throws IOException {
    float[] golden = golden(run);
    float[] got = logits(run, new ReferenceKernels(1), TensorType.F32);
    double worst = 0;
    for (int i = 0; i < golden.length; i++) {
      worst = Math.max(worst, Math.abs((double) got[i] - golden[i]) / run.std);
    }
    assertTrue(worst < 1e-3, "off by " + worst);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void exact_golden_isNearMergedWeights(Run run) throws IOException {
    float[] golden = golden(run);
    float[] got = logits(run, new ScalarKernels(1), TensorType.F16);
    double error = 0;
    double size = 0;
    for (int i = 0; i < golden.length; i++) {
      error += ((double) got[i] - golden[i]) * ((double) got[i] - golden[i]);
      size += (double) golden[i] * golden[i];
    }
    assertTrue(error < 25e-6 * size, "relative RMS error " + Math.sqrt(error / size));
  }

  private static float[] golden(Run run) throws IOException {
    byte[] bytes = Files.readAllBytes(GOLDEN.resolve("adapters/" + run.name + ".logits.f32"));
    float[] out = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  private static float[] logits(Run run, Kernels kernels, TensorType kvType) {
    int[] prompt = ints(json("").get("prompt"));
    int[] positions = ints(json("").get("positions"));
    Path file = GOLDEN.resolve(run.model + "/" + run.model + ".gguf");
    List<ScaledAdapter> used = new ArrayList<>();
    try (Compute compute = Compute.of(kernels);
        LanguageModel model =
            Models.load(ModelFiles.open(file), compute, new LoadOptions(128, 128, kvType));
        KvStore kv = model.newKvStore(2);
        Arena arena = Arena.ofShared()) {
      run.scales.forEach((name, scale) -> {
        Path path = GOLDEN.resolve("adapters/" + name);
        Adapter adapter = model.adapters().orElseThrow().load(ModelFiles.open(path));
        used.add(new ScaledAdapter(adapter, scale));
      });
      Floats out = Floats.allocate(arena, (long) positions.length * model.info().vocabSize());
      model.forward(
          new Batch(
              prompt,
              IntStream.range(0, prompt.length).toArray(),
              new int[prompt.length],
              new int[][] {{1, 0}},
              positions,
              prompt.length,
              List.of(used)),
          kv,
          out);
      return out.toArray();
    } finally {
      used.forEach(s -> s.adapter().close());
    }
  }

  // Any folder with a configuration opens; the indexes lie beside it.
  private static Map<String, Object> json(String folder) {
    return HfFolder.open(GOLDEN.resolve("llama"))
        .json(("../" + folder + "/index.json").replace("//", "/"))
        .orElseThrow();
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalStateException("the index lacks a list");
  }

  private static int[] ints(@Nullable Object list) {
    return list(list).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }
}
