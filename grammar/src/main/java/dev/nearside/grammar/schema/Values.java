package dev.nearside.grammar.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The values that {@code enum} and {@code const} leave. */
final class Values {
  private Values() {}

  /** The values that satisfy all of {@code flats}; null where none of them lists values. */
  static @Nullable List<JsonNode> of(List<Sub> flats, Instances instances) {
    List<JsonNode> out = null;
    for (Sub flat : flats) {
      JsonNode only = flat.get("const");
      JsonNode options = flat.get("enum");
      if (out == null && only != null) {
        out = List.of(only);
      } else if (out == null && options != null) {
        if (!options.isArray()) {
          throw flat.malformed("enum", "an array of values");
        }
        out = new ArrayList<>();
        for (JsonNode option : options) {
          if (out.stream().noneMatch(v -> Instances.isSame(v, option))) {
            out.add(option);
          }
        }
      }
    }
    return out == null
        ? null
        : out.stream()
            .filter(v -> flats.stream().allMatch(flat -> instances.satisfies(v, flat, 0)))
            .toList();
  }
}
