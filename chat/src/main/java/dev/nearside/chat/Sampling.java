package dev.nearside.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How tokens are chosen. A null (or, for the map, empty) member means the backend's default. */
public record Sampling(
    @Nullable Float temperature,
    @Nullable Integer topK,
    @Nullable Float topP,
    @Nullable Float minP,
    @Nullable Long seed,
    Map<String, Object> extra) {
  public static final Sampling DEFAULTS = new Sampling(null, null, null, null, null, Map.of());
}
