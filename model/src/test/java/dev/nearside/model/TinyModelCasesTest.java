package dev.nearside.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.format.safetensors.HfFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tiny models by others with logits of a float64 forward pass (../shared/cases/tiny-models).
 * Skipped when they are not there.
 */
class TinyModelCasesTest {
  private static final double TOLERANCE = 1e-4; // of the standard deviation of the logits
  private static final double EXACT_RELATIVE_RMS = 5e-3;
  private static final double SURE_GAP = 0.1;

  private @TempDir Path temp;

  @Test
  void reference_stories_logitsEqualTheReference() throws IOException {
    float[] expected = storiesLogits();
    int[] ids = storiesIds();
    double std = std(expected);
    try (Feeder model = Feeder.open(storiesGguf(), "reference", 1)) {
      float[] got = flat(model.feed(head(ids, 32), 32, 32));
      assertTrue(worst(got, expected) / std <= TOLERANCE, "off by " + worst(got, expected) / std);
    }
  }

  @Test
  void exact_stories_staysWithinItsBound() throws IOException {
    float[] expected = storiesLogits();
    for (String kernels : List.of("scalar", "vector")) {
      try (Feeder model = Feeder.open(storiesGguf(), kernels, 1)) {
        float[] got = flat(model.feed(head(storiesIds(), 32), 32, 32));
        double error = rms(got, expected) / rms(expected, new float[expected.length]);
        assertTrue(error <= EXACT_RELATIVE_RMS, kernels + ": relative RMS error " + error);
      }
    }
  }

  @Test
  void load_folderAndGguf_giveTheSameLogits() {
    for (String kernels : List.of("reference", "vector")) {
      try (Feeder gguf = Feeder.open(storiesGguf(), kernels, 1);
          Feeder hf = Feeder.open(folder().resolve("stories260K-hf"), kernels, 1)) {
        int[] ids = head(storiesIds(), 32);
        assertArrayEquals(flat(gguf.feed(ids, 32, 32)), flat(hf.feed(ids, 32, 32)), 0f, kernels);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> prompts_each_giveTheReferencesLogitsAndGreedyIds() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Map<?, ?> c : cases()) {
      String name = c.get("model") + " " + ints(c.get("prompt_ids")).length + " tokens";
      tests.add(DynamicTest.dynamicTest(name + ", reference", () -> topLogits(c)));
      tests.add(DynamicTest.dynamicTest(name + ", reference ids", () -> ids(c, "reference", 0)));
      tests.add(DynamicTest.dynamicTest(name + ", exact ids", () -> ids(c, "vector", SURE_GAP)));
    }
    return tests.stream();
  }

  private void topLogits(Map<?, ?> c) {
    try (Feeder model = open(c, "reference")) {
      int[] prompt = ints(c.get("prompt_ids"));
      float[] got = model.feed(prompt, prompt.length, 1)[0];
      double std = std(got);
      for (Object pair : list(c.get("top10"))) {
        int id = ((Number) list(pair).get(0)).intValue();
        double expected = ((Number) list(pair).get(1)).doubleValue();
        assertEquals(expected, got[id], TOLERANCE * std, "logit of " + id);
      }
    }
  }

  // A token need only be the same where the model itself is sure; after another one all differ.
  private void ids(Map<?, ?> c, String kernels, double sureGap) {
    try (Feeder model = open(c, kernels);
        Feeder reference = open(c, "reference")) {
      int[] prompt = ints(c.get("prompt_ids"));
      float[] logits = model.feed(prompt, prompt.length, 1)[0];
      float[] sure = reference.feed(prompt, prompt.length, 1)[0];
      int step = 0;
      for (int expected : ints(c.get("greedy24"))) {
        if (gap(sure, expected) >= sureGap) {
          assertEquals(expected, best(logits), "greedy token " + step);
        }
        // The reference's tokens are fed, so that every step is judged.
        logits = model.feed(new int[] {expected}, 1, 1)[0];
        sure = reference.feed(new int[] {expected}, 1, 1)[0];
        step++;
      }
      assertTrue(step == 24, "24 tokens");
    }
  }

  private Feeder open(Map<?, ?> c, String kernels) {
    return Feeder.open(folder().resolve(String.valueOf(c.get("model"))), kernels, 1);
  }

  private static Path folder() {
    String named =
        Optional.ofNullable(System.getProperty("nearside.cases"))
            .or(() -> Optional.ofNullable(System.getenv("NEARSIDE_CASES")))
            .orElse("../../shared/cases");
    Path folder = Path.of(named, "tiny-models");
    assumeTrue(Files.isDirectory(folder), "shared/cases/tiny-models is not there");
    return folder;
  }

  private static Path storiesGguf() {
    return folder().resolve("stories260K-f32.gguf");
  }

  private int[] storiesIds() {
    try {
      return ints(json("stories260K.reference.json", "greedy_ids"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] storiesLogits() throws IOException {
    byte[] bytes = Files.readAllBytes(folder().resolve("stories260K.logits_first32.f32.bin"));
    float[] out = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
    return out;
  }

  private List<Map<?, ?>> cases() throws IOException {
    List<Map<?, ?>> out = new ArrayList<>();
    for (Object c : list(json("reference_logits.json", null))) {
      out.add((Map<?, ?>) c);
    }
    return out;
  }

  // Read with the reader of config.json, which wants an object in a folder.
  private @Nullable Object json(String file, @Nullable String key) throws IOException {
    Path copy = Files.createTempDirectory(temp, "json");
    String text = Files.readString(folder().resolve(file));
    Files.writeString(copy.resolve("config.json"), "{\"value\":" + text + "}");
    Object value = HfFolder.open(copy).config().get("value");
    return key == null || !(value instanceof Map<?, ?> map) ? value : map.get(key);
  }

  private static List<?> list(@Nullable Object value) {
    if (!(value instanceof List<?> l)) {
      throw new IllegalStateException("expected a list, got " + value);
    }
    return l;
  }

  private static int[] ints(@Nullable Object list) {
    return list(list).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  private static int[] head(int[] ids, int count) {
    return Arrays.copyOf(ids, count);
  }

  private static float[] flat(float[][] rows) {
    float[] out = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, out, i * rows[i].length, rows[i].length);
    }
    return out;
  }

  private static int best(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      best = row[i] > row[best] ? i : best;
    }
    return best;
  }

  private static double gap(float[] row, int id) {
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      second = i == id ? second : Math.max(second, row[i]);
    }
    return row[id] - second;
  }

  private static double worst(float[] a, float[] b) {
    assertEquals(b.length, a.length);
    double worst = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs((double) a[i] - b[i]));
    }
    return worst;
  }

  private static double std(float[] values) {
    double mean = 0;
    for (float v : values) {
      mean += v;
    }
    float[] means = new float[values.length];
    Arrays.fill(means, (float) (mean / values.length));
    return rms(values, means);
  }

  private static double rms(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }
}
