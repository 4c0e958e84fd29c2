package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Value;

/** {@code input is test(args)}. */
interface Test {
  boolean holds(Rendering rendering, Value input, Args args);
}
