package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.ObjectValue;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cycler(a, b, …)}: gives its values in turn. */
final class Cycler implements ObjectValue {
  private final List<Value> items;
  private int position;

  Cycler(Args args) {
    if (!args.named().isEmpty()) {
      throw new Failure("cycler() takes no keyword arguments");
    }
    if (args.positional().isEmpty()) {
      throw new Failure("at least one item has to be provided");
    }
    this.items = args.positional();
  }

  @Override
  public @Nullable Value attribute(String name) {
    return switch (name) {
      case "current" -> items.get(position);
      case "items" -> Tuple.of(items);
      case "pos" -> Int.of(position);
      case "next" -> new Function("next", this::next);
      case "reset" -> new Function("reset", this::reset);
      default -> null;
    };
  }

  private Value next(Args args) {
    args.none("next");
    Value item = items.get(position);
    position = (position + 1) % items.size();
    return item;
  }

  private Value reset(Args args) {
    args.none("reset");
    position = 0;
    return None.NONE;
  }

  @Override
  public String typeName() {
    return "Cycler";
  }
}
