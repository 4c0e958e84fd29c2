package dev.nearside.jinja.value;

import java.util.List;

/**
 * Python's {@code tuple}.
 *
 * @param items the items, not to be changed
 * @param isGroup true for the pairs of {@code groupby}, which also answer to {@code grouper} and
 *     {@code list}
 */
public record Tuple(List<Value> items, boolean isGroup) implements Value {
  public static final Tuple EMPTY = new Tuple(List.of(), false);

  public static Tuple of(List<? extends Value> items) {
    return new Tuple(List.copyOf(items), false);
  }

  public static Tuple of(Value... items) {
    return new Tuple(List.of(items), false);
  }

  @Override
  public String typeName() {
    return "tuple";
  }
}
