package dev.nearside.hub.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.hub.Fixtures;
import dev.nearside.hub.net.SourceException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of a repository's files is meant; the lists are shaped as real repositories. */
class RepoChoiceTest {

  private static List<String> choose(@Nullable String wanted, String... paths) {
    List<RepoFile> files =
        Arrays.stream(paths).map(path -> new RepoFile(path, 1, null, null)).toList();
    return RepoChoice.of(files, wanted, "user/repo").files().stream().map(RepoFile::path).toList();
  }

  @Test
  void quant_exactFormat_isChosen() {
    String[] files = {
      "README.md",
      "Qwen3-4B-Q4_K_M.gguf",
      "Qwen3-4B-Q4_K_S.gguf",
      "Qwen3-4B-UD-Q4_K_XL.gguf",
      "Qwen3-4B-IQ4_XS.gguf",
      "Qwen3-4B-Q8_0.gguf",
      "mmproj-Q8_0.gguf",
      "BF16/Qwen3-4B-BF16.gguf"
    };
    assertEquals(List.of("Qwen3-4B-Q4_K_M.gguf"), choose(null, files));
    assertEquals(List.of("Qwen3-4B-Q4_K_S.gguf"), choose("q4_k_s", files));
    assertEquals(List.of("Qwen3-4B-UD-Q4_K_XL.gguf"), choose("UD-Q4_K_XL", files));
    assertEquals(List.of("Qwen3-4B-IQ4_XS.gguf"), choose("IQ4_XS", files));
    assertEquals(List.of("Qwen3-4B-Q8_0.gguf"), choose("Q8_0", files));
    assertEquals(List.of("BF16/Qwen3-4B-BF16.gguf"), choose("BF16", files));
    assertEquals(List.of("Qwen3-4B-Q8_0.gguf"), choose("qwen3-4b-q8_0.gguf", files));
  }

  @Test
  void quant_unsplitNames_areUnderstood() {
    assertEquals(List.of("m.Q4_1.gguf"), choose("Q4_1", "m.Q4_0.gguf", "m.Q4_1.gguf"));
    assertEquals(List.of("m-q4_k_m.gguf"), choose("Q4_K_M", "m-q4_k_m.gguf", "m-f16.gguf"));
    assertEquals(List.of("gpt-oss-20b-mxfp4.gguf"), choose(null, "gpt-oss-20b-mxfp4.gguf"));
    assertEquals(List.of("model.gguf"), choose(null, "model.gguf"));
    assertEquals("Q4_K_M", RepoChoice.quantOf("Q8_0-mix/x-Q4_K_M-00001-of-00002.gguf"));
    assertEquals("", RepoChoice.quantOf("plain.gguf"));
  }

  @Test
  void split_allParts_inOrder() {
    String[] files = {
      "Q8_0/m-Q8_0-00002-of-00003.gguf",
      "Q8_0/m-Q8_0-00003-of-00003.gguf",
      "Q8_0/m-Q8_0-00001-of-00003.gguf",
      "m-Q4_0.gguf"
    };
    assertEquals(
        List.of(
            "Q8_0/m-Q8_0-00001-of-00003.gguf",
            "Q8_0/m-Q8_0-00002-of-00003.gguf",
            "Q8_0/m-Q8_0-00003-of-00003.gguf"),
        choose("Q8_0", files));
    assertThrows(SourceException.class, () -> choose("Q8_0", "m-Q8_0-00001-of-00002.gguf"));
    // A part count that no repository has room for must not be believed.
    assertThrows(SourceException.class, () -> choose("Q8_0", "m-Q8_0-00001-of-99999.gguf"));
  }

  @Test
  void folder_onlyWhatAReaderNeeds() {
    assertEquals(
        List.of("config.json", "model.safetensors", "tokenizer.json"),
        choose(
            null,
            "config.json",
            "model.safetensors",
            "original/consolidated.safetensors",
            "pytorch_model.bin",
            "tokenizer.json",
            "training_args.bin",
            "README.md"));
  }

  @Test
  void nothingUsable_saysWhatIsExpected() {
    SourceException e = assertThrows(SourceException.class, () -> choose(null, "README.md"));
    Fixtures.assertSays(e, "config.json and model*.safetensors");
    e =
        assertThrows(
            SourceException.class, () -> choose("Q4_0", "config.json", "model.safetensors"));
    Fixtures.assertSays(e, "no GGUF file");
    e = assertThrows(SourceException.class, () -> choose("Q2_K", "m-Q4_0.gguf", "other.gguf"));
    Fixtures.assertSays(e, "[Q4_0, other.gguf]");
  }
}
