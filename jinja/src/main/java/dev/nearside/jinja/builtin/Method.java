package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Value;

/** {@code self.method(args)}. */
interface Method<T extends Value> {
  Value call(Rendering rendering, T self, Args args);
}
