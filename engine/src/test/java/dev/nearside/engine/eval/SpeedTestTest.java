package dev.nearside.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import dev.nearside.model.Numerics;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTestTest {
  @Test
  void parse_namesOfLlamaBench_areRead() {
    assertEquals(new SpeedSpec(SpeedSpec.Kind.PROMPT, 512, 0), SpeedSpec.parse("pp512"));
    assertEquals(new SpeedSpec(SpeedSpec.Kind.GENERATE, 128, 4096), SpeedSpec.parse("tg128@d4096"));
    assertEquals("tg128 @ d4096", SpeedSpec.parse("tg128 @ d4096").name());
  }

  @Test
  void parse_otherNames_areErrors() {
    for (String name : List.of("", "pp", "pp0", "xx128", "pp-1", "pp99999999", "tg1@4")) {
      assertThrows(EvalException.class, () -> SpeedSpec.parse(name), name);
    }
  }

  @Test
  void run_promptAndReplyAtADepth_areTimed() {
    EngineOptions options = EngineOptions.DEFAULTS.withKernels("scalar").withThreads(1);
    try (LoadedModel model = LoadedModel.open(Golden.model("llama.gguf"), options)) {
      for (String name : List.of("pp8@d4", "tg3@d2")) {
        try (SpeedTest test = new SpeedTest(model.model(), SpeedSpec.parse(name), Numerics.FAST)) {
          assertTrue(test.run() > 0, name);
          assertTrue(test.run() > 0, name + " again");
        }
      }
    }
  }

  @Test
  void of_fourValues_hasMedianBetweenTheMiddleOnes() {
    SpeedStats stats = SpeedStats.of(List.of(4.0, 1.0, 2.0, 3.0));
    assertEquals(2.5, stats.median());
    assertEquals(2.5, stats.mean());
    assertEquals(1, stats.min());
    assertEquals(4, stats.max());
    assertEquals(Math.sqrt(5.0 / 3), stats.deviation(), 1e-12);
  }
}
