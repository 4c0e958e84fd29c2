package dev.nearside.jinja.value;

import org.jspecify.annotations.Nullable;

/**
 * A thing with attributes or behaviour: a function, macro, loop, namespace. Compared by identity.
 */
public non-sealed interface ObjectValue extends Value {
  /** The attribute, or null if there is none of that name. */
  default @Nullable Value attribute(String name) {
    return null;
  }

  default boolean isCallable() {
    return false;
  }

  default Value call(Args args) {
    throw new Failure("'" + typeName() + "' object is not callable");
  }

  /** {@code len()} of it, or -1 if it has none. */
  default int length() {
    return -1;
  }

  /** What Python's {@code repr} gives. */
  default String repr(Budget budget) {
    return "<" + typeName() + " object>";
  }
}
