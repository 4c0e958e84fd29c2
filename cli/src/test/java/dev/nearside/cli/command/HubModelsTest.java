package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nearside.engine.EngineOptions;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server knows of models before they are open. */
class HubModelsTest {
  private static final Path GOLDEN = Path.of("../model/src/test/resources/golden");

  @TempDir Path folder;
  private ModelHub hub;

  @BeforeEach
  void createModels() throws Exception {
    for (String file : List.of("llama/llama", "encoders/xlmr-rank/xlmr-rank")) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      Path model = folder.resolve(name + ".gguf");
      Files.copy(GOLDEN.resolve(file + ".gguf"), model);
      Path modelfile = Files.writeString(folder.resolve("Modelfile"), "FROM " + model + "\n");
      assertEquals(0, new Cli(folder).run("create", name, "-f", modelfile.toString()).code());
    }
    hub =
        ModelHub.open(
            HubConfig.fromEnvironment(
                Map.of("NEARSIDE_HOME", folder.resolve("nearside").toString()), folder));
  }

  @ParameterizedTest
  @CsvSource({"llama, completion", "xlmr-rank, rerank"})
  void brief_saysWhatTheModelIsFor(String name, String purpose) {
    assertEquals(purpose, new Workshop().brief(hub.resolve(name)).purpose());
    assertEquals(purpose, new Workshop().read(hub.resolve(name)).capabilities().getFirst());
  }

  @Test
  void contextOfTheServer_isALimit_ofModelsTrainedForLess() {
    EngineOptions options = EngineOptions.DEFAULTS;
    long trained = ModelFacts.of(hub.resolve("llama")).contextLength();
    for (int asked : new int[] {0, 16, 1 << 20}) {
      HubModels source = new HubModels(hub, options.withContextLength(asked), Map.of());
      assertEquals(
          Math.min(asked, trained), source.find("llama").options().contextLength(), "of " + asked);
    }
  }
}
