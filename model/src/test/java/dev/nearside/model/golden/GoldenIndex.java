package dev.nearside.model.golden;

import dev.nearside.format.safetensors.HfFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The golden cases that {@code src/test/golden/tiny} made; its README explains the fields. */
record GoldenIndex(int[] prompt, int[] positions, List<Case> cases) {
  static final Path ROOT = Path.of("src/test/resources/golden");

  /** One configuration of one set of weights. */
  record Case(Map<String, Object> values) {
    String name() {
      return text("name");
    }

    Path folder() {
      return ROOT.resolve(text("folder"));
    }

    Path config() {
      return folder().resolve(text("config"));
    }

    @Nullable Path gguf() {
      return values.get("gguf") instanceof String s ? folder().resolve(s) : null;
    }

    Map<String, Object> ggufSet() {
      return object(values.get("ggufSet"));
    }

    double std() {
      return number(values, "logitsStd");
    }

    float[] logits() throws IOException {
      byte[] bytes = Files.readAllBytes(folder().resolve(text("logits")));
      float[] out = new float[bytes.length / 4];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(out);
      return out;
    }

    List<Breaker> breakers() {
      List<Breaker> out = new ArrayList<>();
      for (Object b : list(values.get("breakers"))) {
        out.add(new Breaker(object(b)));
      }
      return out;
    }

    private String text(String key) {
      return String.valueOf(values.get(key));
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** A wrong setting, and how far it moves the reference's logits. */
  record Breaker(Map<String, Object> values) {
    String what() {
      return String.valueOf(values.get("what"));
    }

    double rms() {
      return number(values, "rmsOverStd");
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    Map<String, Object> map(String key) {
      return object(values.get(key));
    }

    @Nullable String structural() {
      return (String) values.get("structural");
    }
  }

  static GoldenIndex read() {
    // Any folder with a configuration opens; the index lies beside it.
    Map<String, Object> json =
        HfFolder.open(ROOT.resolve("llama")).json("../index.json").orElseThrow();
    List<Case> cases = new ArrayList<>();
    for (Object c : list(json.get("cases"))) {
      cases.add(new Case(object(c)));
    }
    return new GoldenIndex(ints(json.get("prompt")), ints(json.get("positions")), cases);
  }

  private static int[] ints(@Nullable Object list) {
    return list(list).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }

  static double number(Map<String, Object> values, String key) {
    if (!(values.get(key) instanceof Number n)) {
      throw new IllegalStateException("index.json lacks the number " + key);
    }
    return n.doubleValue();
  }

  private static List<?> list(@Nullable Object value) {
    if (!(value instanceof List<?> l)) {
      throw new IllegalStateException("index.json lacks a list");
    }
    return l;
  }

  static Map<String, Object> object(@Nullable Object value) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> out.put(String.valueOf(k), v));
    }
    return out;
  }
}
