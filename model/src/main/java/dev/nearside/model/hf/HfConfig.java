package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.model.ModelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Typed access to a {@code config.json}, or to an object inside it. */
record HfConfig(Map<String, Object> values, String where) {
  /** The integer under the first of these keys that is there and not null. */
  Optional<Integer> integer(String... keys) {
    return typed(Number.class, keys).map(n -> exact(keys[0], n));
  }

  /**
   * A required integer.
   *
   * @throws ModelException when it is missing
   */
  int required(String... keys) {
    return integer(keys).orElseThrow(() -> missing(keys[0]));
  }

  Optional<Double> real(String... keys) {
    return typed(Number.class, keys).map(Number::doubleValue);
  }

  Optional<Boolean> flag(String key) {
    return typed(Boolean.class, key);
  }

  Optional<String> text(String... keys) {
    return typed(String.class, keys);
  }

  /** An object inside. */
  Optional<HfConfig> object(String key) {
    return typed(Map.class, key).map(v -> new HfConfig(strings(v), where + "." + key));
  }

  Optional<List<?>> list(String key) {
    return typed(List.class, key).map(l -> l);
  }

  /** The numbers of a list. */
  Optional<float[]> reals(String key) {
    return list(key).map(l -> floats(key, l));
  }

  private float[] floats(String key, List<?> list) {
    float[] out = new float[list.size()];
    for (int i = 0; i < out.length; i++) {
      if (!(list.get(i) instanceof Number n)) {
        throw wrong(key, list.get(i));
      }
      out[i] = n.floatValue();
    }
    return out;
  }

  private <T> Optional<T> typed(Class<T> type, String... keys) {
    Optional<Object> value = first(keys);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw wrong(keys[0], value.get());
    }
    return value.map(type::cast);
  }

  private Optional<Object> first(String... keys) {
    for (String key : keys) {
      Object value = values.get(key);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private int exact(String key, Number n) {
    if (n.doubleValue() != n.intValue()) {
      throw wrong(key, n);
    }
    return n.intValue();
  }

  /** A JSON object, whose keys are strings. */
  static Map<String, Object> strings(Map<?, ?> map) {
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((k, v) -> out.put(String.valueOf(k), v));
    return out;
  }

  private ModelException missing(String key) {
    return new ModelException(Fault.of("configuration lacks a value").expected(key).where(where));
  }

  private ModelException wrong(String key, @Nullable Object value) {
    return new ModelException(
        Fault.of("configuration value makes no sense")
            .got(String.valueOf(value))
            .where(where + "." + key));
  }
}
