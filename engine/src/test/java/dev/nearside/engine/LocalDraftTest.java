package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.base.NearsideException;
import dev.nearside.chat.ChatEvent;
import dev.nearside.chat.CompletionRequest;
import dev.nearside.chat.Generation;
import dev.nearside.chat.Limits;
import dev.nearside.chat.Prompt;
import dev.nearside.chat.Sampling;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two model files, of which one guesses for the other. */
@Timeout(180)
class LocalDraftTest {
  private static final Path OTHER_VOCABULARY =
      Path.of("..", "model", "src", "test", "resources", "golden", "llama", "llama.gguf");

  @TempDir static Path folder;
  private static Path target;
  private static Path draft;

  @BeforeAll
  static void write() throws IOException {
    target = synth("tiny-llama", 1);
    draft = synth("tiny-qwen3", 2);
  }

  private static Path synth(String shape, int seed) throws IOException {
    Path file = folder.resolve(shape + seed + ".gguf");
    Synth.write(SynthShapes.of(shape), QuantMix.of("Q4_0"), file, seed, Synth.Progress.NONE);
    return file;
  }

  private static EngineOptions options(@Nullable Path draftModel) {
    return EngineOptions.DEFAULTS
        .withContextLength(512)
        .withKernels("vector")
        .withThreads(1)
        .withServing(ServingOptions.DEFAULTS.withDraft(draftModel));
  }

  private static String said(LocalEngine engine, Sampling sampling, int tokens) throws Exception {
    StringBuilder out = new StringBuilder();
    Generation generation = Generation.of(sampling, new Limits(tokens, List.of()));
    engine.complete(
        new CompletionRequest(new Prompt.Text("The sea is", false), generation),
        event -> {
          if (event instanceof ChatEvent.Text(String text)) {
            out.append(text);
          }
        });
    return out.toString();
  }

  private static final List<Sampling> SAMPLINGS =
      List.of(Sampling.GREEDY, Sampling.builder().temperature(1.5f).seed(5L).build());

  @Test
  void complete_withADraftModel_saysTheSame() throws Exception {
    for (Sampling sampling : SAMPLINGS) {
      String plain;
      try (LocalEngine engine = LocalEngine.open(target, options(null))) {
        plain = said(engine, sampling, 150);
      }
      for (Path guesses : List.of(draft, target)) {
        try (LocalEngine engine = LocalEngine.open(target, options(guesses))) {
          assertEquals(plain, said(engine, sampling, 150));
          assertEquals(plain, said(engine, sampling, 150));
        }
      }
    }
  }

  @Test
  void weightBytes_withADraftModel_countBoth() {
    try (LocalEngine alone = LocalEngine.open(target, options(null));
        LocalEngine both = LocalEngine.open(target, options(target))) {
      assertEquals(2 * alone.weightBytes(), both.weightBytes());
      assertEquals(alone.model().weightBytes(), both.model().weightBytes());
    }
  }

  @Test
  void open_otherVocabularyOrBrokenFile_leavesNothingBehind() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.gguf"), "no model");
    Set<Thread> before = threads();
    assertThrows(
        DraftMismatchException.class, () -> LocalEngine.open(target, options(OTHER_VOCABULARY)));
    assertThrows(NearsideException.class, () -> LocalEngine.open(target, options(broken)));
    Set<Thread> left = new HashSet<>(threads());
    left.removeAll(before);
    for (Thread thread : left) {
      thread.join(20_000); // some are about to end
    }
    left.removeIf(thread -> !thread.isAlive());
    assertEquals(Set.of(), left);
  }

  private static Set<Thread> threads() {
    Set<Thread> ours = new HashSet<>(Thread.getAllStackTraces().keySet());
    ours.removeIf(thread -> !thread.getName().startsWith("nearside"));
    return ours;
  }

  @Test
  @Tag("model")
  void complete_smollm2AsItsOwnDraft_saysTheSame() throws Exception {
    RealGolden golden = RealGolden.read("smollm2-135m", folder);
    Path file = RealModels.require("smollm2:135m", golden.sha256(), "NEARSIDE_TEST_SMOLLM2");
    for (Sampling sampling : SAMPLINGS) {
      String plain;
      try (LocalEngine engine = LocalEngine.open(file, options(null))) {
        plain = said(engine, sampling, 60);
      }
      try (LocalEngine engine = LocalEngine.open(file, options(file))) {
        assertEquals(plain, said(engine, sampling, 60));
        assertTrue(engine.stats().tokens().generated() >= 1);
      }
    }
  }
}
