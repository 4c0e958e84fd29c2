package dev.nearside.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code list}: mutable, compared by content, never shared with the caller's data. */
public final class ListValue implements Value {
  private final ArrayList<Value> items;

  public ListValue() {
    this.items = new ArrayList<>();
  }

  public ListValue(List<? extends Value> items) {
    this.items = new ArrayList<>(items);
  }

  /** The live items. */
  public List<Value> items() {
    return items;
  }

  @Override
  public String typeName() {
    return "list";
  }
}
