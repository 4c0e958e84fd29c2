package dev.nearside.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that a model may call.
 *
 * @param description what it does, for the model
 * @param parameters JSON Schema of the arguments, as plain maps, lists, strings and numbers in the
 *     order in which they were written; empty = an object of any kind
 * @param isStrict whether the arguments must follow the schema, or only should
 */
public record ToolSpec(
    String name, @Nullable String description, Map<String, Object> parameters, boolean isStrict) {
  public ToolSpec {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
