package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Value;
import org.jspecify.annotations.Nullable;

/** {@code namespace(a=1)}: the one thing whose attributes {@code set} can change from any scope. */
public final class Namespace implements ObjectValue {
  private final Dict attributes;

  Namespace(Budget budget, Args args) {
    this.attributes = DictMethods.create(budget, args);
    for (Dict.Entry entry : attributes.entries()) {
      if (entry.key() instanceof Str name) {
        checkName(name.text());
      }
    }
  }

  private static void checkName(String name) {
    if (name.startsWith("_")) {
      throw new Failure(
          "Chat templates cannot store underscore-prefixed attributes on a namespace, but got '"
              + name
              + "'. Please rename the attribute.");
    }
  }

  @Override
  public @Nullable Value attribute(String name) {
    return attributes.get(name);
  }

  public void set(Budget budget, String name, Value value) {
    checkName(name);
    attributes.put(budget, Str.of(name), value);
  }

  @Override
  public String repr(Budget budget) {
    return "<Namespace " + Text.repr(budget, attributes) + ">";
  }

  @Override
  public String typeName() {
    return "Namespace";
  }
}
