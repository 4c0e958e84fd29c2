package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Value;
import org.jspecify.annotations.Nullable;

/** {@code joiner(sep)}: nothing at the first call, the separator at each later one. */
final class Joiner implements ObjectValue {
  private final Value separator;
  private boolean isUsed;

  Joiner(Args args) {
    this.separator = args.bind("joiner", 0, "sep").get(0, Str.of(", "));
  }

  @Override
  public boolean isCallable() {
    return true;
  }

  @Override
  public Value call(Args args) {
    args.none("joiner");
    boolean isFirst = !isUsed;
    isUsed = true;
    return isFirst ? Str.EMPTY : separator;
  }

  @Override
  public @Nullable Value attribute(String name) {
    return switch (name) {
      case "sep" -> separator;
      case "used" -> Bool.of(isUsed);
      default -> null;
    };
  }

  @Override
  public String typeName() {
    return "Joiner";
  }
}
