package dev.nearside.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Broken files by others (../shared/cases/malformed), each within 2 s and this module's test heap
 * of 512 MB. Skipped when they are not there.
 */
class MalformedCasesTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /**
   * Well-formed files of models that can't be: what is wrong is known to whoever builds the model
   * or its tokenizer, and must be rejected there.
   */
  private static final Set<String> FOR_HIGHER_FLOORS =
      Set.of(
          "hp_block_count_0",
          "hp_head_count_0",
          "hp_head_count_kv_3",
          "hp_embedding_31",
          "hp_context_0",
          "hp_arch_missing",
          "hp_arch_wrong_type",
          "vocab_tokens_wrong_type",
          "vocab_types_short",
          "vocab_fewer_than_embd_rows",
          "t_missing_blk");

  @TestFactory
  List<DynamicTest> case_each_getsItsVerdict() throws IOException {
    Optional<Path> folder = folder();
    assumeTrue(folder.isPresent(), "shared/cases/malformed is not there");
    List<DynamicTest> tests = new ArrayList<>();
    for (String line : Files.readAllLines(folder.orElseThrow().resolve("expected.jsonl"))) {
      JsonNode row = JsonMapper.shared().readTree(line);
      Path file = folder.orElseThrow().resolve(row.get("file").asString());
      String expect = row.get("expect").asString();
      tests.add(
          DynamicTest.dynamicTest(
              row.get("file").asString(),
              () -> assertTimeoutPreemptively(LIMIT, () -> check(file, expect))));
    }
    assertEquals(73, tests.size(), "cases");
    return tests;
  }

  @Test
  void heap_ofTheseTests_isAsSmallAsPromised() {
    assertTrue(Runtime.getRuntime().maxMemory() <= 512L << 20);
  }

  private static void check(Path file, String expect) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\..*", "");
    if (expect.equals("reject") && !FOR_HIGHER_FLOORS.contains(name)) {
      FormatException e = assertThrows(FormatException.class, () -> use(file));
      assertEquals(e.fault().message(), e.getMessage());
    } else if (expect.startsWith("reject-or") || expect.equals("load-or-reject")) {
      try {
        use(file);
      } catch (FormatException e) {
        // Either is right; anything else that is thrown fails the test.
        assertEquals(e.fault().message(), e.getMessage());
      }
    } else {
      use(file);
    }
  }

  /** Opens, decodes all metadata and touches every tensor at both ends. */
  private static void use(Path path) {
    boolean isGguf = path.toString().endsWith(".gguf");
    try (TensorFile file = isGguf ? GgufFile.open(path) : SafetensorsFile.open(path)) {
      assertEquals(file.metadata().keys().size(), file.metadata().asMap().size());
      for (TensorInfo tensor : file.tensors()) {
        MemorySegment data = file.data(tensor);
        assertEquals(tensor.bytes(), data.byteSize());
        long last = Math.max(0, data.byteSize() - 1);
        data.asSlice(last).toArray(ValueLayout.JAVA_BYTE);
      }
    }
  }

  private static Optional<Path> folder() {
    return Stream.of(
            System.getProperty("nearside.cases"),
            System.getenv("NEARSIDE_CASES"),
            "../shared/cases",
            "../../shared/cases")
        .filter(path -> path != null)
        .map(path -> Path.of(path, "malformed"))
        .filter(Files::isDirectory)
        .findFirst();
  }
}
