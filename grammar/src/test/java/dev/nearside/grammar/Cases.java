package dev.nearside.grammar;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cases of other engines, where the folder of shared cases is there: named by the property {@code
 * nearside.cases} or the variable {@code NEARSIDE_CASES}, else beside the repository.
 */
final class Cases {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Cases() {}

  static Path file(String folder, String name) {
    String variable =
        Objects.requireNonNullElse(System.getenv("NEARSIDE_CASES"), "../../shared/cases");
    Path file = Path.of(System.getProperty("nearside.cases", variable), folder, name);
    assumeTrue(Files.exists(file), "skipped: there is no " + file);
    return file;
  }

  static List<JsonNode> rows(String name) {
    try {
      return Files.readAllLines(file("grammar-schema", name)).stream()
          .map(MAPPER::readTree)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
