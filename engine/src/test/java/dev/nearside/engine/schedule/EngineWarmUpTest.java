package dev.nearside.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.FakeModel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineWarmUpTest {
  private static final int MAX_BATCH = 8;

  private final Map<Integer, Long> told = new LinkedHashMap<>();

  @Test
  void call_costOfReplySteps_isToldOncePerSizeThatTheModelTakes() {
    FakeModel model = FakeModel.letters(MAX_BATCH).costing(tokens -> 1_000L * tokens);
    assertTrue(warmUp(model, false).call() > 0);
    assertEquals(Map.of(1, 1_000L, 2, 2_000L, 4, 4_000L, 8, 8_000L), told);
  }

  @Test
  void call_somebodyWaits_computesAndTellsNothing() {
    FakeModel model = FakeModel.letters(MAX_BATCH);
    assertEquals(0, warmUp(model, true).call());
    assertEquals(0, model.batchSizes().size());
    assertEquals(Map.of(), told);
  }

  private EngineWarmUp warmUp(FakeModel model, boolean isWanted) {
    return new EngineWarmUp(
        model,
        100,
        () -> isWanted,
        model::nanos,
        (tokens, nanos) -> assertEquals(null, told.put(tokens, nanos), "told twice"));
  }
}
