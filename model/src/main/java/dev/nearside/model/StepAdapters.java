package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.layer.AdapterScratch;
import dev.nearside.model.layer.RowAdapters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the adapters of a batch's sequences into turns over its tokens. */
final class StepAdapters {
  private final int[] rows;
  private final float[] scales;
  private int count;

  private StepAdapters(int most) {
    rows = new int[most];
    scales = new float[most];
  }

  /**
   * The adapters of each token: the first of every sequence's list, then the second, and so on.
   *
   * @param scratch null while no adapter was loaded
   * @throws ModelException when an adapter is not this model's
   */
  static RowAdapters of(Batch batch, DecoderModel model, @Nullable AdapterScratch scratch) {
    if (batch.adapters().isEmpty()) {
      return RowAdapters.NONE;
    }
    if (batch.adapters().size() != batch.blockTables().length) {
      throw new ModelException(
          Fault.of("a batch has adapters for another number of sequences")
              .got(batch.adapters().size())
              .expected(batch.blockTables().length));
    }
    int longest = batch.adapters().stream().mapToInt(List::size).max().orElse(0);
    List<RowAdapters.Turn> turns = new ArrayList<>();
    for (int place = 0; place < longest; place++) {
      Map<LoraAdapter, StepAdapters> used = new LinkedHashMap<>();
      for (int t = 0; t < batch.size(); t++) {
        List<ScaledAdapter> list = batch.adapters().get(batch.tables()[t]);
        if (place < list.size()) {
          ScaledAdapter scaled = list.get(place);
          LoraAdapter adapter = own(scaled.adapter(), model);
          used.computeIfAbsent(adapter, key -> new StepAdapters(batch.size()))
              .add(t, scaled.scale());
        }
      }
      used.forEach((adapter, own) -> turns.add(own.turn(adapter)));
    }
    return turns.isEmpty() ? RowAdapters.NONE : new RowAdapters(turns, scratch);
  }

  private static LoraAdapter own(Adapter adapter, DecoderModel model) {
    if (adapter instanceof LoraAdapter lora && lora.isOf(model)) {
      return lora;
    }
    throw new ModelException(
        Fault.of("an adapter of a batch was closed, or is another model's")
            .got(adapter.fingerprint()));
  }

  private void add(int token, float scale) {
    rows[count] = token;
    scales[count++] = scale;
  }

  private RowAdapters.Turn turn(LoraAdapter adapter) {
    return new RowAdapters.Turn(
        adapter.deltas(), Arrays.copyOf(rows, count), Arrays.copyOf(scales, count));
  }
}
