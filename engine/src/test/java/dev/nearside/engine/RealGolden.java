package dev.nearside.engine;

import dev.nearside.format.safetensors.HfFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What a real model gives in float32; {@code src/test/golden/README.md} describes the files. */
record RealGolden(Map<?, ?> json) {
  private static final Path ROOT = Path.of("src/test/resources/golden");

  /** A prompt and the tokens that follow greedily. */
  record Greedy(int[] prompt, int[] expected) {}

  /**
   * The scores of one text.
   *
   * @param tokens {@code (windows, window)}
   * @param target log-probability of the token that follows, per position
   * @param rest probability of all but the top tokens together, per position
   * @param ids {@code (positions, top + samples)}
   * @param logProbs the same shape
   */
  record Text(
      double perplexity,
      int window,
      int top,
      int kept,
      int[] tokens,
      float[] target,
      float[] rest,
      int[] ids,
      float[] logProbs) {}

  /**
   * @param temp a folder in which the JSON reader of configurations finds it
   */
  static RealGolden read(String name, Path temp) throws IOException {
    Files.copy(ROOT.resolve(name + ".json"), temp.resolve("config.json"));
    return new RealGolden(HfFolder.open(temp).config());
  }

  String sha256() {
    return String.valueOf(map(json.get("model")).get("sha256"));
  }

  List<Greedy> greedy() {
    List<Greedy> out = new ArrayList<>();
    for (Object item : list(json.get("greedy"))) {
      Map<?, ?> g = map(item);
      out.add(new Greedy(ints(g.get("prompt")), ints(g.get("expected"))));
    }
    return out;
  }

  Text text(String language) {
    Map<?, ?> t = map(map(json.get("texts")).get(language));
    ByteBuffer in = unzip(ROOT.resolve(String.valueOf(t.get("scores"))));
    int window = integer("window");
    int windows = integer("windows");
    int kept = integer("top") + integer("samples");
    int positions = windows * (window / 2 - 1);
    return new Text(
        ((Number) value(t.get("perplexity"))).doubleValue(),
        window,
        integer("top"),
        kept,
        ints(in, windows * window),
        floats(in, positions),
        floats(in, positions),
        ints(in, positions * kept),
        floats(in, positions * kept));
  }

  private int integer(String key) {
    return ((Number) value(json.get(key))).intValue();
  }

  private static ByteBuffer unzip(Path file) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] ints(ByteBuffer in, int count) {
    int[] out = new int[count];
    in.asIntBuffer().get(out);
    in.position(in.position() + count * Integer.BYTES);
    return out;
  }

  private static float[] floats(ByteBuffer in, int count) {
    float[] out = new float[count];
    in.asFloatBuffer().get(out);
    in.position(in.position() + count * Float.BYTES);
    return out;
  }

  private static Object value(@Nullable Object value) {
    if (value == null) {
      throw new IllegalStateException("the golden file lacks a value");
    }
    return value;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) value(value);
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) value(value);
  }

  private static int[] ints(@Nullable Object list) {
    return list(list).stream().mapToInt(v -> ((Number) v).intValue()).toArray();
  }
}
