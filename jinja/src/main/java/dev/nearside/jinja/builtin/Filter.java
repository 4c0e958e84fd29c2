package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Value;

/** {@code input|filter(args)}. */
interface Filter {
  Value apply(Rendering rendering, Value input, Args args);
}
