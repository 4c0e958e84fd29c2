package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.pool.ModelSource;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.ModelHub;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A draft model on the command line and in the server's pool. */
class DraftCommandsTest {
  private static final Path OTHER_VOCABULARY =
      Path.of("..", "model", "src", "test", "resources", "golden", "llama", "llama.gguf");

  @TempDir Path folder;

  private String synth(String name, int seed) throws IOException {
    Path file = folder.resolve(name);
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q4_0"), file, seed, Synth.Progress.NONE);
    return file.toString();
  }

  private Cli.Result run(String model, String... more) {
    String[] usual = {"run", "-m", model, "-p", "The sea", "-n", "20", "--seed", "3", "-c", "128"};
    String[] all = new String[usual.length + more.length];
    System.arraycopy(usual, 0, all, 0, usual.length);
    System.arraycopy(more, 0, all, usual.length, more.length);
    return new Cli(folder).run(all);
  }

  @Test
  void run_withADraftModel_answersTheSame() throws IOException {
    String target = synth("target.gguf", 1);
    String draft = synth("draft.gguf", 2);
    Cli.Result plain = run(target);
    assertEquals(0, plain.code(), plain.err());
    assertEquals(plain.out(), run(target, "--draft", draft).out());
  }

  @Test
  void run_draftModelOfAnotherVocabulary_failsAndSaysSo() throws IOException {
    Cli.Result result = run(synth("target.gguf", 1), "--draft", OTHER_VOCABULARY.toString());
    assertEquals(1, result.code());
    assertTrue(result.err().contains("draft model"), result.err());
  }

  @Test
  void serve_unclearDraft_isAUsageError() {
    Cli.Result result = new Cli(folder).run("serve", "a", "b", "--draft", "c", "--port", "0");
    assertEquals(2, result.code());
  }

  @Test
  void find_modelWithADraft_countsBothInThePool() throws IOException {
    ModelHub hub =
        ModelHub.open(HubConfig.fromEnvironment(Map.of("NEARSIDE_OFFLINE", "1"), folder));
    LocalModel target = hub.find(synth("target.gguf", 1)).orElseThrow();
    LocalModel draft = hub.find(synth("draft.gguf", 2)).orElseThrow();
    HubModels models = new HubModels(hub, EngineOptions.DEFAULTS, Map.of(target.name(), draft));
    ModelSource.Found helped = models.find(target.name());
    assertEquals(target.bytes() + draft.bytes(), helped.bytes());
    assertEquals(draft.path(), helped.options().serving().draft());
    ModelSource.Found alone = models.find(draft.name());
    assertEquals(draft.bytes(), alone.bytes());
    assertNull(alone.options().serving().draft());
  }
}
