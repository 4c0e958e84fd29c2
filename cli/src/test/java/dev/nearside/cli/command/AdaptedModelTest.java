package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.ModelLease;
import dev.nearside.chat.PresetModels;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.pool.ModelPool;
import dev.nearside.engine.pool.PoolOptions;
import dev.nearside.hub.HubConfig;
import dev.nearside.hub.ModelHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A made model with an adapter, from its Modelfile to its replies. */
class AdaptedModelTest {
  private static final Path GOLDEN = Path.of("../model/src/test/resources/golden");
  private static final String PROMPT = "the people of the time";

  @TempDir Path folder;

  private Cli cli() {
    return new Cli(folder);
  }

  private void create(String name, String adapters) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name), "FROM ./base.gguf\n" + adapters + "\nPARAMETER temperature 0\n");
    Cli.Result made = cli().run("create", name, "-f", file.toString());
    assertEquals(0, made.code(), made.err());
  }

  private String run(String... more) {
    String[] args = new String[more.length + 5];
    System.arraycopy(new String[] {"run", "-n", "16", "-p", PROMPT}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    Cli.Result result = cli().run(args);
    assertEquals(0, result.code(), result.err());
    return result.out().stripTrailing();
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(GOLDEN.resolve(from), folder.resolve(to));
  }

  @Test
  void modelWithAnAdapter_answersAsItsBaseWithTheAdapterGiven() throws Exception {
    copy("llama/llama.gguf", "base.gguf");
    copy("adapters/whole.gguf", "my style.gguf");
    create("plain", "");
    create("adapted", "ADAPTER ./my style.gguf");
    String adapter = folder.resolve("my style.gguf").toString();
    String expected = run("-m", "plain", "--lora", adapter);
    assertNotEquals(run("-m", "plain"), expected);
    assertEquals(expected, run("-m", "adapted"));
    assertEquals(
        run("-m", "plain", "--lora", adapter + "=2"),
        run("-m", "adapted", "--lora", adapter),
        "a flag works beside it");
    Cli.Result shown = cli().run("show", "adapted", "--modelfile");
    assertTrue(shown.out().contains("\nADAPTER "), shown.out());
    Path again = Files.writeString(folder.resolve("again"), shown.out());
    assertEquals(0, cli().run("create", "twin", "-f", again.toString()).code());
    assertEquals(expected, run("-m", "twin"), "what is shown makes the same model");
    assertTrue(cli().run("show", "twin").out().contains("adapters"));
    assertEquals(expected, served("adapted"), "at a server too");
  }

  private String served(String name) throws Exception {
    ModelHub hub =
        ModelHub.open(
            HubConfig.fromEnvironment(
                Map.of("NEARSIDE_HOME", folder.resolve("nearside").toString()), folder));
    EngineOptions engine = EngineOptions.DEFAULTS.withKernels("scalar");
    HubModels source = new HubModels(hub, engine, Map.of());
    PoolOptions options = new PoolOptions(1L << 30, Duration.ofMinutes(5), Set.of());
    StringBuilder out = new StringBuilder();
    try (ModelPool pool = new ModelPool(source, options, Clock.systemUTC());
        ModelLease lease = new PresetModels(pool, source::preset).acquire(name, null)) {
      Generation generation = Generation.of(Sampling.DEFAULTS, new Limits(16, List.of()));
      lease
          .completions()
          .complete(
              new CompletionRequest(new Prompt.Text(PROMPT, false), generation),
              event -> {
                if (event instanceof ChatEvent.Text text) {
                  out.append(text.text());
                }
              });
    }
    return out.toString().stripTrailing();
  }

  @Test
  void create_withWhatIsNoAdapterOfTheModel_saysSoAtOnce() throws Exception {
    copy("llama/llama.gguf", "base.gguf");
    copy("adapters/fused.gguf", "fused.gguf");
    String[][] cases = {
      {"ADAPTER ./base.gguf", "not an adapter"},
      {"ADAPTER ./fused.gguf", "another architecture"},
      {"ADAPTER ./gone.gguf", "no such adapter"},
      {"ADAPTER .", "one GGUF file"},
      {"ADAPTER sha256:" + "a".repeat(64), "no such blob"},
    };
    for (String[] one : cases) {
      Path file = Files.writeString(folder.resolve("bad"), "FROM ./base.gguf\n" + one[0] + "\n");
      Cli.Result result = cli().run("create", "bad", "-f", file.toString());
      assertEquals(1, result.code(), one[0]);
      assertTrue(result.err().contains(one[1]), result.err());
    }
    assertEquals(1, cli().run("show", "bad:latest", "--modelfile").code());
  }
}
