package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Tuple;
import java.util.Map;

/** The methods of {@code tuple}. */
final class TupleMethods {
  static final Map<String, Method<Tuple>> ALL =
      Map.of(
          "count", (rt, self, args) -> ListMethods.count(rt, self.items(), args),
          "index", (rt, self, args) -> ListMethods.index(rt, self.items(), args));

  private TupleMethods() {}
}
