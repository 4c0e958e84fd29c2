package dev.nearside.jinja.value;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Arguments in the order of their parameters; absent ones are null. */
public final class Bound {
  private final String function;
  private final String[] names;
  private final @Nullable Value[] values;

  Bound(String function, String[] names, @Nullable Value[] values) {
    this.function = function;
    this.names = names;
    this.values = values;
  }

  public @Nullable Value get(int index) {
    return values[index];
  }

  public Value get(int index, Value fallback) {
    Value value = values[index];
    return value == null ? fallback : value;
  }

  /** The argument, or null if it is absent or None. */
  public @Nullable Value some(int index) {
    Value value = values[index];
    return value == None.NONE ? null : value;
  }

  /** A required argument. */
  public Value need(int index) {
    Value value = values[index];
    if (value == null) {
      throw new Failure(function + "() missing required argument: '" + names[index] + "'");
    }
    return value;
  }

  public boolean flag(int index, boolean fallback) {
    Value value = values[index];
    return value == null ? fallback : Values.truthy(value);
  }

  /** An integer, cut to the range of int: beyond it every use behaves the same. */
  public int integer(int index, int fallback) {
    Value value = values[index];
    return value == null ? fallback : integer(value, names[index]);
  }

  public int integer(int index) {
    return integer(need(index), names[index]);
  }

  private int integer(Value value, String name) {
    BigInteger number = Values.integer(value);
    if (number == null) {
      throw wrong(name, "an integer", value);
    }
    return Values.clamp(number);
  }

  public String text(int index) {
    return text(need(index), names[index]);
  }

  public String text(int index, String fallback) {
    Value value = values[index];
    return value == null ? fallback : text(value, names[index]);
  }

  private String text(Value value, String name) {
    if (value instanceof Str text) {
      return text.text();
    }
    throw wrong(name, "a str", value);
  }

  private Failure wrong(String name, String expected, Value got) {
    if (got instanceof Undefined undefined) {
      return undefined.failure();
    }
    return new Failure(
        function + "() argument '" + name + "' must be " + expected + ", not " + got.typeName());
  }
}
