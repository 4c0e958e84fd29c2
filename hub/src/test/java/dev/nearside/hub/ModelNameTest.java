package dev.nearside.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.store.SafeNames;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of a name, and what is none. */
class ModelNameTest {

  private static final Path CWD = Path.of("/work-dir");

  private static ModelName parse(String text) {
    return ModelName.parse(text, CWD);
  }

  @Test
  void parse_eachForm_isRecognised() {
    assertEquals(new ModelName.Plain("qwen3", null), parse("qwen3"));
    assertEquals(new ModelName.Plain("qwen3", "0.6b"), parse("Qwen3:0.6B"));
    assertEquals(
        new ModelName.HuggingFace("Qwen/Qwen3-0.6B-GGUF", null),
        parse("hf.co/Qwen/Qwen3-0.6B-GGUF"));
    assertEquals(
        new ModelName.HuggingFace("u/r", "Q4_K_M"), parse("https://huggingface.co/u/r:q4_k_m"));
    assertEquals(
        new ModelName.HuggingFace("u/r", "sub/a-Q8_0.gguf"), parse("hf.co/u/r:sub/a-Q8_0.gguf"));
    assertEquals(new ModelName.ModelScope("u/r", "Q8_0"), parse("modelscope.cn/u/r:Q8_0"));
    assertEquals(
        new ModelName.ModelScope("u/r", null), parse("https://www.modelscope.cn/models/u/r"));
    assertEquals(new ModelName.Ollama("llama3.2", "latest"), parse("ollama/llama3.2"));
    assertEquals(new ModelName.Ollama("user/m", "7b"), parse("ollama/user/m:7b"));
  }

  @Test
  void parse_paths_areLocal() {
    for (String text :
        List.of(
            "./m",
            "../m",
            "/abs/m.gguf",
            "m.gguf",
            "M.GGUF",
            "a/b",
            "~/m",
            "..\\m",
            "dir/m",
            "qwen3:../../x")) {
      assertInstanceOf(ModelName.Local.class, parse(text), text);
    }
    assertEquals(Path.of("/m"), ((ModelName.Local) parse("../m")).path());
  }

  @Test
  void parse_traversalAndRubbish_areRefused() {
    for (String text :
        List.of(
            "",
            " ",
            "a b",
            "a:b:c",
            ":x",
            "x:",
            "-rf",
            "a\u0000b",
            "a\nb",
            "hf.co/u",
            "hf.co/../r",
            "hf.co/u/..",
            "hf.co/u/r/x",
            "hf.co/u/r:../../etc/passwd",
            "hf.co/u/r:a..b",
            "hf.co//r",
            "hf.co/u/r:",
            "modelscope.cn/u",
            "modelscope.cn/u/a b",
            "ollama/a/b/c",
            "ollama/../x",
            "ollama/m:..",
            "hf.co/u/r?x=1",
            "hf.co/u/r#x",
            "hf.co/u%2f/r",
            "数")) {
      assertThrows(HubException.class, () -> parse(text), text);
    }
    assertThrows(HubException.class, () -> parse("x".repeat(5000)));
  }

  @Test
  void slug_differentNames_differEverywhere() {
    List<String> names =
        List.of(
            "hf.co/A/b", "hf.co/a/b", "hf.co/a_b", "hf.co/a/b:Q8_0", "con", "CON", "nul:latest");
    List<String> slugs = names.stream().map(SafeNames::slug).distinct().toList();
    assertEquals(names.size(), slugs.size());
    assertEquals(
        names.size(),
        slugs.stream().map(s -> s.toLowerCase(java.util.Locale.ROOT)).distinct().count(),
        "a file system that ignores case would mix them up");
    for (String slug : slugs) {
      assertTrue(SafeNames.isFile(slug), slug);
    }
    assertTrue(SafeNames.slug("x".repeat(4000)).length() < 120);
    assertNotEquals(SafeNames.slug("a..b"), SafeNames.slug("a_b"));
    assertTrue(SafeNames.isFile(SafeNames.slug("../../etc/passwd")));
  }

  @Test
  void fileNames_reservedOrSeparating_areUnsafe() {
    for (String name :
        List.of(
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "../a",
            "a..b",
            "con",
            "CON.gguf",
            "nul.safetensors",
            "com1.gguf",
            "LPT9",
            "aux",
            "a:b",
            "a\u0000",
            "a\n",
            "-a",
            ".hidden",
            "a.",
            "a b",
            "é")) {
      assertFalse(SafeNames.isFile(name), name);
    }
    for (String name :
        List.of("m.gguf", "model-00001-of-00002.safetensors", "A_b+c@1=2", "console.gguf", "_x")) {
      assertTrue(SafeNames.isFile(name), name);
    }
  }

  @Test
  void hub_unknownName_offersTheNearest(@TempDir Path root) {
    ModelHub hub = ModelHub.open(Fixtures.config(root, URI.create("http://127.0.0.1:1"), null));
    UnknownModelException e =
        assertThrows(UnknownModelException.class, () -> hub.resolve("qwen3:0.7b"));
    assertEquals("qwen3:0.6b", e.nearest().getFirst());
    Fixtures.assertSays(e, "Nearest: qwen3:0.6b");
    assertEquals("smollm2:135m", hub.nearest("smollm2:135").getFirst());
    assertTrue(hub.nearest("smolm").contains("smollm2"));
    assertEquals(List.of(), hub.nearest("xyzzyplugh"));
    assertTrue(hub.nearest("gemma3").contains("gemma3:4b"));
    assertThrows(UnknownModelException.class, () -> hub.pull("qwen9", PullListener.silent()));
    ModelNotPulledException known =
        assertThrows(ModelNotPulledException.class, () -> hub.resolve("smollm2"));
    assertEquals("smollm2:135m", known.name());
    Fixtures.assertSays(known, "nearside pull smollm2:135m");
    assertTrue(hub.find("smollm2").isEmpty());
  }

  @Test
  void looksLikeModelName_promptsAreNot(@TempDir Path root) {
    ModelHub hub = ModelHub.open(Fixtures.config(root, URI.create("http://127.0.0.1:1"), null));
    for (String name :
        List.of("smollm2", "smollm2:latest", "gemma3:4b", "hf.co/a/b", "ollama/x", "x.gguf")) {
      assertTrue(hub.looksLikeModelName(name), name);
    }
    for (String prompt :
        List.of("hello", "tell me a joke", "", " ", "what?", "1+1", "and/or", "你好", "a:b:c")) {
      assertFalse(hub.looksLikeModelName(prompt), prompt);
    }
  }
}
