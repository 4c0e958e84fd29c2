package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Value;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The methods of {@code list}. */
final class ListMethods {
  static final Map<String, Method<ListValue>> ALL =
      Map.ofEntries(
          Map.entry("append", ListMethods::append),
          Map.entry("clear", ListMethods::clear),
          Map.entry("copy", ListMethods::copy),
          Map.entry("count", (rt, self, args) -> count(rt, self.items(), args)),
          Map.entry("extend", ListMethods::extend),
          Map.entry("index", (rt, self, args) -> index(rt, self.items(), args)),
          Map.entry("insert", ListMethods::insert),
          Map.entry("pop", ListMethods::pop),
          Map.entry("remove", ListMethods::remove),
          Map.entry("reverse", ListMethods::reverse),
          Map.entry("sort", ListMethods::sort));

  private ListMethods() {}

  private static Value append(Rendering rendering, ListValue self, Args args) {
    Value item = args.bindPositional("append", 1, 1).need(0);
    rendering.budget().charge(Budget.SLOT_COST);
    self.items().add(item);
    return None.NONE;
  }

  private static Value clear(Rendering rendering, ListValue self, Args args) {
    args.none("clear");
    self.items().clear();
    return None.NONE;
  }

  private static Value copy(Rendering rendering, ListValue self, Args args) {
    args.none("copy");
    rendering.budget().chargeSlots(self.items().size());
    return new ListValue(self.items());
  }

  private static Value extend(Rendering rendering, ListValue self, Args args) {
    Value more = args.bindPositional("extend", 1, 1).need(0);
    self.items().addAll(Iteration.toList(rendering.budget(), more));
    return None.NONE;
  }

  private static Value insert(Rendering rendering, ListValue self, Args args) {
    Bound bound = args.bindPositional("insert", 2, 2);
    List<Value> items = self.items();
    rendering.budget().charge(Budget.SLOT_COST);
    rendering.budget().scan(items.size());
    items.add(Methods.position(bound.integer(0), items.size()), bound.need(1));
    return None.NONE;
  }

  private static Value pop(Rendering rendering, ListValue self, Args args) {
    int index = args.bindPositional("pop", 0, 1).integer(0, -1);
    List<Value> items = self.items();
    if (items.isEmpty()) {
      throw new Failure("pop from empty list");
    }
    int at = index < 0 ? index + items.size() : index;
    if (at < 0 || at >= items.size()) {
      throw new Failure("pop index out of range");
    }
    rendering.budget().scan(items.size());
    return items.remove(at);
  }

  private static Value remove(Rendering rendering, ListValue self, Args args) {
    Value wanted = args.bindPositional("remove", 1, 1).need(0);
    for (int i = 0; i < self.items().size(); i++) {
      if (Comparison.equal(rendering.budget(), self.items().get(i), wanted)) {
        rendering.budget().scan(self.items().size());
        self.items().remove(i);
        return None.NONE;
      }
    }
    throw new Failure("list.remove(x): x not in list");
  }

  private static Value reverse(Rendering rendering, ListValue self, Args args) {
    args.none("reverse");
    rendering.budget().steps(self.items().size());
    Collections.reverse(self.items());
    return None.NONE;
  }

  private static Value sort(Rendering rendering, ListValue self, Args args) {
    if (!args.positional().isEmpty()) {
      throw new Failure("sort() takes no positional arguments");
    }
    Bound bound = args.bind("sort", 0, "key", "reverse");
    Value key = bound.some(0);
    List<Value> sorted =
        Comparison.sorted(
            rendering.budget(),
            List.copyOf(self.items()),
            item -> key == null ? item : rendering.call(key, Args.of(item)),
            bound.flag(1, false));
    self.items().clear();
    self.items().addAll(sorted);
    return None.NONE;
  }

  static Value count(Rendering rendering, List<Value> items, Args args) {
    Value wanted = args.bindPositional("count", 1, 1).need(0);
    int count = 0;
    for (Value item : items) {
      count += Comparison.equal(rendering.budget(), item, wanted) ? 1 : 0;
    }
    return Int.of(count);
  }

  static Value index(Rendering rendering, List<Value> items, Args args) {
    Bound bound = args.bindPositional("index", 1, 3);
    int from = Methods.position(bound.integer(1, 0), items.size());
    int to = Methods.position(bound.integer(2, Integer.MAX_VALUE), items.size());
    for (int i = from; i < to; i++) {
      if (Comparison.equal(rendering.budget(), items.get(i), bound.need(0))) {
        return Int.of(i);
      }
    }
    throw new Failure(Text.repr(rendering.budget(), bound.need(0)) + " is not in list");
  }
}
