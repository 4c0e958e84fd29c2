package dev.nearside.jinja.value;

import java.util.Iterator;

/**
 * A Python generator or iterator: computed while it is read, and read once. The filters {@code
 * map}, {@code select} and their like return one, as in jinja2; it is true even when it is empty.
 */
public final class Lazy implements Value {
  private final String typeName;
  private final Iterator<Value> source;

  public Lazy(String typeName, Iterator<Value> source) {
    this.typeName = typeName;
    this.source = source;
  }

  public Iterator<Value> source() {
    return source;
  }

  @Override
  public String typeName() {
    return typeName;
  }
}
