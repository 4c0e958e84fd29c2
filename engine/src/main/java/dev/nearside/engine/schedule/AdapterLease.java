package dev.nearside.engine.schedule;

import dev.nearside.model.ScaledAdapter;
import java.util.List;

/**
 * A sequence's hold on the adapters that it uses, from submission to its end.
 *
 * @param adapters in the order in which they work
 * @param onEnd gives them back; called once, by the engine thread, or by whoever failed to submit
 */
public record AdapterLease(List<ScaledAdapter> adapters, Runnable onEnd) {
  /** No adapter. */
  public static final AdapterLease NONE = new AdapterLease(List.of(), () -> {});

  public AdapterLease {
    adapters = List.copyOf(adapters);
  }
}
