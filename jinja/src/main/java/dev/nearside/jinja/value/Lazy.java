package dev.nearside.jinja.value;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Python generator or iterator: computed while it is read, and read once. The filters {@code
 * map}, {@code select} and their like return one, as in jinja2; it is true even when it is empty.
 */
public final class Lazy implements Value {
  private final String typeName;
  private final Supplier<Iterator<Value>> opening;
  private @Nullable Iterator<Value> source;

  private Lazy(String typeName, Supplier<Iterator<Value>> opening) {
    this.typeName = typeName;
    this.opening = opening;
  }

  /** A generator: even what it reads from is looked at only when it is read itself. */
  public static Lazy generator(Supplier<Iterator<Value>> opening) {
    return new Lazy("generator", opening);
  }

  /** An iterator that is already open. */
  public static Lazy iterator(String typeName, Iterator<Value> source) {
    return new Lazy(typeName, () -> source);
  }

  /** The one iterator of this value: what has been read of it is gone. */
  public Iterator<Value> source() {
    if (source == null) {
      source = opening.get();
    }
    return source;
  }

  @Override
  public String typeName() {
    return typeName;
  }
}
