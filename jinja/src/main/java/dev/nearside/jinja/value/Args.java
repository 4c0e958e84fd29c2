package dev.nearside.jinja.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, evaluated. */
public record Args(List<Value> positional, Map<String, Value> named) {
  public static final Args NONE = new Args(List.of(), Map.of());

  public static Args of(Value... positional) {
    return new Args(List.of(positional), Map.of());
  }

  /** These arguments less the first {@code count} positional ones. */
  public Args drop(int count) {
    return new Args(positional.subList(count, positional.size()), named);
  }

  /** These arguments with one more named one. */
  public Args with(String name, Value value) {
    Map<String, Value> more = new LinkedHashMap<>(named);
    more.put(name, value);
    return new Args(positional, more);
  }

  /**
   * Lays the arguments out under parameter names, as a Python call does.
   *
   * @param function the function's name, for errors
   * @param required how many of {@code names} have no default
   * @throws Failure if there are too many, unknown, doubled or missing arguments
   */
  public Bound bind(String function, int required, String... names) {
    if (positional.size() > names.length) {
      throw new Failure(
          function
              + "() takes at most "
              + names.length
              + " arguments ("
              + positional.size()
              + " given)");
    }
    @Nullable Value[] values = new @Nullable Value[names.length];
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    for (Map.Entry<String, Value> entry : named.entrySet()) {
      int at = List.of(names).indexOf(entry.getKey());
      if (at < 0) {
        throw new Failure(
            function + "() got an unexpected keyword argument '" + entry.getKey() + "'");
      }
      if (values[at] != null) {
        throw new Failure(
            function + "() got multiple values for argument '" + entry.getKey() + "'");
      }
      values[at] = entry.getValue();
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw new Failure(function + "() missing required argument: '" + names[i] + "'");
      }
    }
    return new Bound(function, names, values);
  }

  /** {@link #bind} for functions whose parameters have no names that a caller could use. */
  public Bound bindPositional(String function, int required, int most) {
    if (!named.isEmpty()) {
      throw new Failure(function + "() takes no keyword arguments");
    }
    String[] names = new String[most];
    for (int i = 0; i < most; i++) {
      names[i] = String.valueOf(i + 1);
    }
    return bind(function, required, names);
  }

  /** For functions without parameters. */
  public void none(String function) {
    bind(function, 0);
  }
}
