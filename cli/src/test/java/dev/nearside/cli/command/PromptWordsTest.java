package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.HubConfig;
import dev.nearside.hub.HubException;
import dev.nearside.hub.ModelHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptWordsTest {
  @TempDir Path folder;
  private ModelHub hub;

  @BeforeEach
  void openHub() {
    HubConfig config =
        HubConfig.fromEnvironment(Map.of("NEARSIDE_HOME", folder.toString()), folder);
    hub = ModelHub.open(config.withOffline(true));
  }

  private PromptWords of(String... words) {
    return PromptWords.of(List.of(words), hub, false);
  }

  @Test
  void noWords_isNothing() {
    assertEquals(new PromptWords(null, null), of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Why is the sky blue?", "你好", "こんにちは", "안녕", "a\nb", "/usr/bin is what?"})
  void singleText_isAPromptForTheDefaultModel(String text) {
    assertEquals(new PromptWords(null, text), of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm2:135m", "smollm2", "hf.co/user/repo:Q4_K_M", "ollama/name"})
  void singleName_isAModel(String name) {
    assertEquals(new PromptWords(name, null), of(name));
  }

  @Test
  void pathWithBlanks_isAModelWhenItIsThere() throws IOException {
    Path file = Files.writeString(folder.resolve("my model 模型.gguf"), "x");
    assertEquals(new PromptWords(file.toString(), null), of(file.toString()));
  }

  @Test
  void nameThatIsNone_isAnErrorWithTheNearestNames() {
    HubException one = assertThrows(HubException.class, () -> of("smolm2"));
    assertTrue(one.fault().message().contains("smollm2"), one.fault().message());
    HubException two = assertThrows(HubException.class, () -> of("smolm2", "Hi there"));
    assertTrue(two.fault().message().contains("smollm2"), two.fault().message());
  }

  @Test
  void severalWords_areAModelAndAPrompt() {
    assertEquals(new PromptWords("smollm2", "Hi you"), of("smollm2", "Hi", "you"));
  }

  @Test
  void severalBareWords_areAnErrorThatSpeaksOfTheFlag() {
    HubException e = assertThrows(HubException.class, () -> of("why", "is", "it"));
    assertTrue(e.fault().message().contains("-p"), e.fault().message());
  }

  @Test
  void modelGiven_allWordsAreThePrompt() {
    assertEquals(
        new PromptWords(null, "smollm2 is what"),
        PromptWords.of(List.of("smollm2", "is", "what"), hub, true));
  }
}
