package dev.nearside.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HfFolderTest {
  @TempDir Path folder;

  @Test
  void open_folder_readsItsConfigurations() throws IOException {
    write("config.json", "{\"hidden_size\":64,\"rope_scaling\":null,\"limit\":[0.5,Infinity]}");
    write("generation_config.json", "{\"eos_token_id\":[1,2]}");

    HfFolder model = HfFolder.open(folder);

    assertEquals(64, model.config().get("hidden_size"));
    assertTrue(model.config().containsKey("rope_scaling"));
    assertEquals(List.of(0.5, Double.POSITIVE_INFINITY), model.config().get("limit"));
    assertEquals(Map.of("eos_token_id", List.of(1, 2)), model.generationConfig());
    assertEquals(Optional.empty(), model.tokenizerJson());
    assertEquals(Optional.empty(), model.json("tokenizer_config.json"));
  }

  @Test
  void open_withoutConfiguration_saysSo() {
    String message =
        assertThrows(FormatException.class, () -> HfFolder.open(folder)).fault().message();
    assertTrue(message.contains("config.json"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "1", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":\"\u00FF"})
  void open_configurationNotOneObject_isRejected(String json) throws IOException {
    write("config.json", json);

    assertThrows(FormatException.class, () -> HfFolder.open(folder));
  }

  @Test
  void open_configurationDeepOrHuge_isRejected() throws IOException {
    write("config.json", "{\"a\":" + "[".repeat(100_000));
    assertThrows(FormatException.class, () -> HfFolder.open(folder));
    write("config.json", "{\"a\":\"" + "x".repeat(9 << 20) + "\"}");
    String message =
        assertThrows(FormatException.class, () -> HfFolder.open(folder)).fault().message();
    assertTrue(message.contains("too large"), message);
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json);
  }
}
