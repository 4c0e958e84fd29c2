package dev.nearside.jinja.run;

import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.HashMap;
import java.util.Map;

/** The variables given to a template, the global functions, and what the top of it has assigned. */
final class Globals {
  private final Map<String, Value> given;
  private final Map<String, Value> exported = new HashMap<>();

  Globals(Map<String, Value> given) {
    this.given = given;
  }

  /** The value of a name, or {@link Undefined#MISSING}. */
  Value get(String name) {
    Value value = exported.get(name);
    return value == null ? given.getOrDefault(name, Undefined.MISSING) : value;
  }

  void export(String name, Value value) {
    exported.put(name, value);
  }

  Globals copy() {
    Globals copy = new Globals(given);
    copy.exported.putAll(exported);
    return copy;
  }
}
