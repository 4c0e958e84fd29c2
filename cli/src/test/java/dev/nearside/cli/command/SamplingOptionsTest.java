package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.Sampling;
import dev.nearside.chat.Sampling.Penalties;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SamplingOptionsTest {
  private static final Sampling CARD =
      Sampling.builder().penalties(new Penalties(1.1f, null, null, null)).build();

  @Test
  void penaltyFlags_eachAlone_leaveTheRestToTheModel() {
    assertEquals(new Penalties(1.1f, null, null, 256), penalties("--repeat-last-n", "256"));
    assertEquals(new Penalties(1.1f, 0.5f, null, null), penalties("--presence-penalty", "0.5"));
    assertEquals(new Penalties(1.1f, null, 0.25f, null), penalties("--frequency-penalty", "0.25"));
    assertEquals(new Penalties(1f, null, null, null), penalties("--repeat-penalty", "1"));
    assertEquals(CARD.penalties(), penalties());
  }

  @Test
  void noFlags_leaveEverythingUnset() {
    assertEquals(Sampling.DEFAULTS, new SamplingOptions().toSampling());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-n", "--max-tokens", "--ctx", "-c"})
  void run_negativeCount_isAUsageError(String flag, @TempDir Path folder) {
    Cli.Result result = new Cli(folder).run("run", flag, "-1", "-m", "x.gguf", "-p", "Hi");
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("can't be negative"), result.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1025"})
  void run_threadsBeyondTheirBounds_isAUsageError(String threads, @TempDir Path folder) {
    Cli.Result result =
        new Cli(folder).run("run", "--threads", threads, "-m", "x.gguf", "-p", "Hi");
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("--threads must be from 1 to 1024"), result.err());
  }

  @Test
  void run_samplingOutOfRange_isAUsageError(@TempDir Path folder) {
    Cli.Result result = new Cli(folder).run("run", "--top-p", "7", "-m", "x.gguf", "-p", "Hi");
    assertEquals(2, result.code(), result.err());
    assertTrue(result.err().contains("top-p is out of range"), result.err());
  }

  @Test
  void perplexity_negativeThreads_isAUsageError(@TempDir Path folder) {
    Cli.Result result =
        new Cli(folder).run("perplexity", "x.gguf", "--text", "x", "--threads", "-1");
    assertEquals(2, result.code(), result.err());
  }

  private static @Nullable Penalties penalties(String... args) {
    SamplingOptions options = CommandLine.populateCommand(new SamplingOptions(), args);
    return options.toSampling().orElse(CARD).penalties();
  }
}
