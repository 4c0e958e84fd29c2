package dev.nearside.tensor.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of docs/design/quant-formats.md says what the index says, in the same order. */
class QuantDocTest {
  private static final Pattern ROW =
      Pattern.compile(
          "\\| ([A-Z]+\\w+) \\| (\\d+) \\| (\\d+) \\| ([0-9.]+) \\| (yes )?\\|.*",
          Pattern.MULTILINE);

  @Test
  void table_everyRow_matchesTheIndex() throws IOException {
    String page = Files.readString(Path.of("../docs/design/quant-formats.md"));
    List<String> rows =
        ROW.matcher(page)
            .results()
            .map(m -> row(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5) != null))
            .toList();
    List<String> expected =
        QuantFormats.all().stream().map(QuantFormat::type).map(QuantDocTest::row).toList();
    assertEquals(expected, rows);
  }

  private static String row(TensorType type) {
    return row(
        type.name(),
        "" + type.blockElems(),
        "" + type.blockBytes(),
        ("" + type.bitsPerWeight()).replaceFirst("\\.0$", ""),
        QuantFormats.encoder(type).isPresent());
  }

  private static String row(String name, String elems, String bytes, String bits, boolean writes) {
    return String.join(" ", name, elems, bytes, bits, writes ? "writes" : "reads");
  }
}
