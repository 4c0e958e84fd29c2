package dev.nearside.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.ChatRequest;
import dev.nearside.engine.LocalEngine;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import dev.nearside.hub.PullListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Java API as the README shows it. */
class JavaApiTest {
  private static final String SHA256 =
      "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";

  @Test
  @Tag("model")
  void readme_fiveLines_answer() throws Exception {
    String homeFolder = System.getProperty("user.home");
    String store =
        Optional.ofNullable(System.getenv("NEARSIDE_HOME")).orElse(homeFolder + "/.nearside");
    assumeTrue(
        Files.isRegularFile(Path.of(store, "blobs", "sha256-" + SHA256)),
        "smollm2:135m is not in the store: nearside pull smollm2:135m");
    StringBuilder answer = new StringBuilder();

    HubConfig config = HubConfig.fromEnvironment(System.getenv(), Path.of(homeFolder));
    Path model = ModelHub.open(config).pull("smollm2:135m", PullListener.silent()).path();
    try (LocalEngine engine = LocalEngine.open(model)) {
      engine.chat(
          ChatRequest.ofUser("Say hello."),
          event -> {
            if (event instanceof ChatEvent.Text(String text)) {
              answer.append(text);
            }
          });
    }

    assertTrue(!answer.toString().isBlank(), "an answer came");
  }
}
