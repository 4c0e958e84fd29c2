package dev.nearside.engine.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import dev.nearside.model.Numerics;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against what llama-perplexity prints. Its f16 products round activations to f16, so the numbers
 * agree to about 0.1 %; what is read from the file alone agrees in all digits.
 */
class PerplexityTest {
  private static final int WINDOW = 32;

  @TempDir Path folder;

  @Test
  void windows_textOfTheGoldenFile_haveItsTokens() {
    try (LoadedModel model = open("llama.gguf");
        Perplexity perplexity = perplexity(model, 1);
        LogitsFile file = LogitsFile.open(Golden.logits())) {
      int[] tokens = perplexity.windows(Golden.text(), 0);
      assertEquals(7 * WINDOW, tokens.length);
      for (int i = 0; i < file.chunks(); i++) {
        assertArrayEquals(
            file.tokens(i),
            java.util.Arrays.copyOfRange(tokens, i * WINDOW, (i + 1) * WINDOW),
            "window " + i);
      }
    }
  }

  @Test
  void windows_shortText_isAnErrorThatSaysHowLong() {
    try (LoadedModel model = open("llama.gguf");
        Perplexity perplexity = perplexity(model, 1)) {
      EvalException e = assertThrows(EvalException.class, () -> perplexity.windows("the end", 0));
      assertTrue(String.valueOf(e.getMessage()).contains("at least 64"), e::getMessage);
    }
  }

  @Test
  void measure_goldenText_isWhatLlamaCppPrints() {
    try (LoadedModel model = open("llama.gguf");
        Perplexity perplexity = perplexity(model, 2)) {
      PerplexityResult result =
          perplexity.measure(perplexity.windows(Golden.text(), 0), Perplexity.Progress.NONE);
      assertEquals(105, result.tokens());
      assertEquals(2249.1106, result.perplexity().value(), 3);
      assertEquals(570.09013, result.perplexity().error(), 1);
    }
  }

  @Test
  void compare_otherModelWithTheGoldenFile_isWhatLlamaCppPrints() {
    try (LoadedModel model = open("llama3.gguf");
        Perplexity perplexity = perplexity(model, 2);
        LogitsFile base = LogitsFile.open(Golden.logits())) {
      Divergence d = perplexity.compare(base, 0, Perplexity.Progress.NONE);
      assertEquals(105, d.tokens());
      assertEquals(2249.098795, d.basePerplexity().value(), 1e-3);
      assertEquals(570.087389, d.basePerplexity().error(), 1e-3);
      assertEquals(1692.814623, d.perplexity().value(), 3);
      assertEquals(-0.284137, d.logRatio().value(), 2e-3);
      assertEquals(0.254420, d.logRatio().error(), 1e-3);
      assertEquals(2.057160, d.kl().value(), 2e-3);
      assertEquals(0.129030, d.kl().error(), 1e-3);
      assertEquals(6.553584, d.maxKl(), 1e-2);
      assertEquals(6.462212, d.p999Kl(), 1e-2);
      assertEquals(5.674274, d.p99Kl(), 1e-2);
      assertEquals(1.801394, d.medianKl(), 1e-2);
      assertEquals(0.03117, d.deltaProbability().value(), 1e-4);
      assertEquals(0.01289, d.deltaProbability().error(), 1e-4);
      assertEquals(0.2, d.sameTop().value(), 1e-9);
      assertEquals(0.03922, d.sameTop().error(), 1e-5);
    }
  }

  @Test
  void save_ownFile_hasNoDivergenceFromItself() {
    Path path = folder.resolve("own.logits");
    try (LoadedModel model = open("llama.gguf");
        Perplexity perplexity = perplexity(model, 2)) {
      int[] tokens = perplexity.windows(Golden.text(), 3);
      PerplexityResult saved;
      try (LogitsFileWriter out = new LogitsFileWriter(path, WINDOW, 128, tokens)) {
        saved = perplexity.save(tokens, out, Perplexity.Progress.NONE);
        out.commit();
      }
      PerplexityResult measured = perplexity.measure(tokens, Perplexity.Progress.NONE);
      assertEquals(measured.perplexity().value(), saved.perplexity().value(), 1e-3);
      try (LogitsFile own = LogitsFile.open(path)) {
        Divergence d = perplexity.compare(own, 0, Perplexity.Progress.NONE);
        assertEquals(1, d.sameTop().value());
        assertEquals(0, d.kl().value(), 1e-5);
        assertEquals(0, d.logRatio().value(), 1e-5);
      }
    }
  }

  @Test
  void compare_anyNumberOfThreads_givesTheSameBits() {
    Divergence first = compareWithThreads(1);
    assertEquals(first, compareWithThreads(2));
    assertEquals(first, compareWithThreads(7));
  }

  @Test
  void compare_otherWindow_isAnError() {
    try (LoadedModel model = open("llama.gguf");
        Perplexity perplexity =
            new Perplexity(model.model(), model.tokenizer(), 16, 1, Numerics.EXACT);
        LogitsFile base = LogitsFile.open(Golden.logits())) {
      assertThrows(
          EvalException.class, () -> perplexity.compare(base, 0, Perplexity.Progress.NONE));
    }
  }

  @Test
  void new_windowLongerThanTheModelsContext_isAnError() {
    try (LoadedModel model = open("llama.gguf")) {
      assertThrows(
          EvalException.class,
          () -> new Perplexity(model.model(), model.tokenizer(), 257, 1, Numerics.EXACT).close());
    }
  }

  private static Divergence compareWithThreads(int threads) {
    try (LoadedModel model = open("llama3.gguf");
        Perplexity perplexity = perplexity(model, threads);
        LogitsFile base = LogitsFile.open(Golden.logits())) {
      return perplexity.compare(base, 0, Perplexity.Progress.NONE);
    }
  }

  private static Perplexity perplexity(LoadedModel model, int threads) {
    return new Perplexity(model.model(), model.tokenizer(), WINDOW, threads, Numerics.EXACT);
  }

  private static LoadedModel open(String name) {
    EngineOptions options = EngineOptions.DEFAULTS.withKernels("scalar").withThreads(1);
    return LoadedModel.open(Golden.model(name), options, true);
  }
}
