package dev.nearside.engine.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final int[] IDS = {1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41};

  @Test
  void feed_inPieces_givesTheBitsOfOneCall() {
    try (LoadedModel model = open();
        Scorer scorer = new Scorer(model.model(), 16)) {
      List<float[]> whole = rows(scorer, IDS, 3, 3);
      scorer.rewind(0);
      scorer.feed(
          Arrays.copyOf(IDS, 4),
          4,
          (at, rows, logits) -> {
            throw new AssertionError("no logits were asked for");
          });
      List<float[]> rest = rows(scorer, Arrays.copyOfRange(IDS, 4, IDS.length), 0, 4);
      assertEquals(8, whole.size());
      for (int i = 0; i < rest.size(); i++) {
        assertArrayEquals(whole.get(i + 1), rest.get(i), "row " + i);
      }
    }
  }

  @Test
  void feed_afterRewind_forgetsWhatWasThere() {
    try (LoadedModel model = open();
        Scorer scorer = new Scorer(model.model(), 16)) {
      List<float[]> first = rows(scorer, IDS, IDS.length - 1, IDS.length - 1);
      scorer.rewind(2);
      scorer.feed(new int[] {99, 98, 97});
      scorer.rewind(2);
      int[] rest = Arrays.copyOfRange(IDS, 2, IDS.length);
      List<float[]> again = rows(scorer, rest, rest.length - 1, IDS.length - 1);
      assertArrayEquals(first.getFirst(), again.getFirst());
    }
  }

  @Test
  void feed_beyondTheCapacity_isAnErrorAndChangesNothing() {
    try (LoadedModel model = open();
        Scorer scorer = new Scorer(model.model(), 10)) {
      assertThrows(EvalException.class, () -> scorer.feed(IDS));
      assertEquals(0, scorer.position());
    }
  }

  private static List<float[]> rows(Scorer scorer, int[] ids, int from, int firstPosition) {
    List<float[]> out = new ArrayList<>();
    int[] next = {firstPosition};
    scorer.feed(
        ids,
        from,
        (position, rows, logits) -> {
          assertEquals(next[0], position);
          next[0] += rows;
          for (int i = 0; i < rows; i++) {
            float[] row = new float[128];
            logits.get(i * 128L, row, 0, 128);
            out.add(row);
          }
        });
    return out;
  }

  private static LoadedModel open() {
    EngineOptions options = EngineOptions.DEFAULTS.withKernels("scalar").withThreads(1);
    return LoadedModel.open(Golden.model("llama.gguf"), options);
  }
}
