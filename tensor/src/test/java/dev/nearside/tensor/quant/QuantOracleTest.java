package dev.nearside.tensor.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The 25 formats and 10 encoders of the quant-oracle cases, where the folder is there. */
class QuantOracleTest {
  private static Path folder = Path.of("");

  @BeforeAll
  static void findCases() {
    String named =
        Objects.requireNonNullElse(
            System.getProperty("nearside.cases"),
            Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases"));
    folder = Path.of(named, "quant-oracle");
    assumeTrue(Files.isDirectory(folder), "the cases folder is not there: " + named);
  }

  @Test
  void decode_everyOracleType_isExact() throws IOException {
    List<String> types = types();
    assertEquals(25, types.size());
    for (String name : types) {
      TensorType type = TensorType.ofName(name).orElseThrow();
      byte[] blocks = Files.readAllBytes(folder.resolve(name + ".blocks.bin"));
      float[] expected = Golden.floats(Files.readAllBytes(folder.resolve(name + ".f32.bin")));
      float[] got = new float[expected.length];
      QuantFormats.requireDecoder(type)
          .decode(MemorySegment.ofArray(blocks), 0, got, 0, blocks.length / type.blockBytes());
      QuantFormatsTest.assertSameBits(expected, got);
    }
  }

  @Test
  void encode_everyOracleType_isExact() throws IOException {
    int encoders = 0;
    for (String name : types()) {
      Path input = folder.resolve(name + ".qin.f32.bin");
      if (Files.exists(input)) {
        TensorType type = TensorType.ofName(name).orElseThrow();
        float[] values = Golden.floats(Files.readAllBytes(input));
        byte[] expected = Files.readAllBytes(folder.resolve(name + ".qout.bin"));
        byte[] got = new byte[expected.length];
        QuantFormats.requireEncoder(type)
            .encode(values, 0, MemorySegment.ofArray(got), 0, got.length / type.blockBytes());
        assertArrayEquals(expected, got, name);
        encoders++;
      }
    }
    assertEquals(10, encoders);
  }

  private static List<String> types() throws IOException {
    return Pattern.compile("\"type\"\\s*:\\s*\"(\\w+)\"")
        .matcher(Files.readString(folder.resolve("index.json")))
        .results()
        .map((MatchResult m) -> m.group(1))
        .toList();
  }
}
