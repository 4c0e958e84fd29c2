package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.chat.EmbeddingRequest;
import dev.nearside.chat.Embeddings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real embedding model, tokenizer and all, against float32 transformers on the same weights. */
@Tag("model")
class RealEncoderTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/encoders/all-minilm.txt");

  @Test
  void embed_allMinilm_equalsTransformers() throws Exception {
    List<String> lines = Files.readAllLines(GOLDEN);
    try (LocalEncoder encoder = LocalEncoder.open(model())) {
      for (int i = 0; i < lines.size(); i += 2) {
        String[] numbers = lines.get(i + 1).split(" ", -1);
        Embeddings got = encoder.embed(EmbeddingRequest.of(lines.get(i)));
        assertEquals(Integer.parseInt(numbers[0]), got.usage().promptTokens(), lines.get(i));
        assertEquals(numbers.length - 1, got.dimensions());
        double cosine = 0;
        for (int d = 0; d < got.dimensions(); d++) {
          cosine += got.vectors().getFirst()[d] * Double.parseDouble(numbers[d + 1]);
        }
        double found = cosine;
        assertTrue(found > 0.99999, () -> "cosine " + found);
      }
    }
  }

  /** The folder in the store, or the one that NEARSIDE_TEST_MINILM names. */
  private static Path model() throws IOException {
    String home =
        Optional.ofNullable(System.getenv("NEARSIDE_HOME"))
            .orElse(System.getProperty("user.home") + "/.nearside");
    Path models = Path.of(home, "models");
    try (Stream<Path> stored = Files.isDirectory(models) ? Files.list(models) : Stream.empty()) {
      Optional<Path> found =
          Stream.concat(
                  Optional.ofNullable(System.getenv("NEARSIDE_TEST_MINILM")).map(Path::of).stream(),
                  stored.filter(p -> p.getFileName().toString().startsWith("m-all-minilm_l6-v2-")))
              .filter(p -> Files.exists(p.resolve("model.safetensors")))
              .findFirst();
      assumeTrue(
          found.isPresent(),
          "all-minilm:l6-v2 is not in the store: pull it, or set NEARSIDE_TEST_MINILM");
      return found.orElseThrow();
    }
  }
}
