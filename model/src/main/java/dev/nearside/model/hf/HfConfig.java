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
    return first(keys).map(v -> v instanceof Number n ? exact(keys[0], n) : wrong(keys[0], v));
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
    return first(keys)
        .map(v -> v instanceof Number n ? Double.valueOf(n.doubleValue()) : wrong(keys[0], v));
  }

  Optional<Boolean> flag(String key) {
    return first(key).map(v -> v instanceof Boolean b ? b : wrong(key, v));
  }

  Optional<String> text(String... keys) {
    return first(keys).map(v -> v instanceof String s ? s : wrong(keys[0], v));
  }

  /** An object inside. */
  Optional<HfConfig> object(String key) {
    return first(key).map(v -> new HfConfig(asMap(key, v), where + "." + key));
  }

  Optional<List<?>> list(String key) {
    return first(key).map(v -> v instanceof List<?> l ? l : wrong(key, v));
  }

  /** The numbers of a list. */
  Optional<float[]> reals(String key) {
    return list(key).map(l -> floats(key, l));
  }

  private float[] floats(String key, List<?> list) {
    float[] out = new float[list.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          list.get(i) instanceof Number n ? n.floatValue() : this.<Float>wrong(key, list.get(i));
    }
    return out;
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
      return this.<Integer>wrong(key, n);
    }
    return n.intValue();
  }

  private Map<String, Object> asMap(String key, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return wrong(key, value);
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((k, v) -> out.put(String.valueOf(k), v));
    return out;
  }

  private ModelException missing(String key) {
    return new ModelException(Fault.of("configuration lacks a value").expected(key).where(where));
  }

  private <T> T wrong(String key, @Nullable Object value) {
    throw new ModelException(
        Fault.of("configuration value makes no sense").got(value).where(where + "." + key));
  }
}
