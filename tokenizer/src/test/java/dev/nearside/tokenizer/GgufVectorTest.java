package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of llama.cpp's vocabularies, where the cases folder is there. */
class GgufVectorTest {
  private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

  @ParameterizedTest
  @ValueSource(strings = {"bert-bge", "gpt-2", "llama-spm", "phi-3"})
  void encode_everyLineOfTheVectors_equalsTheReference(String name) throws IOException {
    Path vocabulary = folder().resolve("ggml-vocab-" + name + ".gguf");
    assumeTrue(Files.exists(vocabulary), "cases are not here: no " + vocabulary);
    Tokenizer tokenizer = Tokenizers.of(TokenizerSpec.fromMetadata(GgufMetadata.read(vocabulary)));
    String[] texts = Files.readString(Path.of(vocabulary + ".inp")).split(SEPARATOR, -1);
    List<String> lines = Files.readAllLines(Path.of(vocabulary + ".out"));
    assertEquals(46, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      int[] expected =
          Arrays.stream(lines.get(i).split("\\s+"))
              .filter(id -> !id.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      assertArrayEquals(
          expected, tokenizer.encode(texts[i], EncodeOptions.TEXT), "line " + (i + 1));
    }
  }

  private static Path folder() {
    String property = System.getProperty("nearside.cases");
    String variable = System.getenv("NEARSIDE_CASES");
    return Stream.of(property, variable, "../shared/cases", "../../shared/cases")
        .filter(place -> place != null && !place.isEmpty())
        .map(place -> Path.of(place).resolve("tokenizer-vectors"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElse(Path.of("../../shared/cases/tokenizer-vectors"));
  }
}
