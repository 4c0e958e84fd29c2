package dev.nearside.cli.command;

import dev.nearside.cli.command.JsonLines.BadRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object that asks for something; what is asked for in the wrong type is an error. */
record Request(Map<?, ?> fields) {
  /**
   * @throws BadRequest when the text is another kind of JSON than an object
   */
  static Request parse(JsonMapper mapper, String json) {
    if (mapper.readValue(json, Object.class) instanceof Map<?, ?> fields) {
      return new Request(fields);
    }
    throw new BadRequest("the line is not a JSON object");
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  Optional<String> text(String key) {
    return field(key, String.class, "a string");
  }

  boolean flag(String key, boolean otherwise) {
    return field(key, Boolean.class, "true or false").orElse(otherwise);
  }

  Optional<Map<?, ?>> object(String key) {
    return field(key, Map.class, "an object").map(map -> map);
  }

  /** An array of integers. */
  Optional<int[]> ints(String key) {
    return field(key, List.class, "an array").map(list -> toInts(key, list));
  }

  private static int[] toInts(String key, List<?> list) {
    int[] out = new int[list.size()];
    for (int i = 0; i < out.length; i++) {
      if (!(list.get(i) instanceof Integer number)) {
        throw new BadRequest("\"" + key + "\"[" + i + "] must be an integer");
      }
      out[i] = number;
    }
    return out;
  }

  /** Absent and null are the same. */
  private <T> Optional<T> field(String key, Class<T> type, String wanted) {
    @Nullable Object value = fields.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw new BadRequest("\"" + key + "\" must be " + wanted);
    }
    return Optional.of(type.cast(value));
  }
}
