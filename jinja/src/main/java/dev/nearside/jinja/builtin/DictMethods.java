package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.DictView;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The methods of {@code dict}, and the function {@code dict()}. */
final class DictMethods {
  static final Map<String, Method<Dict>> ALL =
      Map.ofEntries(
          Map.entry("clear", DictMethods::clear),
          Map.entry("copy", DictMethods::copy),
          Map.entry("fromkeys", (rt, self, args) -> fromKeys(rt.budget(), args)),
          Map.entry("get", DictMethods::get),
          Map.entry("items", (rt, self, args) -> view(self, DictView.Kind.ITEMS, args)),
          Map.entry("keys", (rt, self, args) -> view(self, DictView.Kind.KEYS, args)),
          Map.entry("pop", DictMethods::pop),
          Map.entry("popitem", DictMethods::popItem),
          Map.entry("setdefault", DictMethods::setDefault),
          Map.entry("update", DictMethods::update),
          Map.entry("values", (rt, self, args) -> view(self, DictView.Kind.VALUES, args)));

  private DictMethods() {}

  /** {@code dict(mapping or pairs, key=value, …)}. */
  static Dict create(Budget budget, Args args) {
    if (args.positional().size() > 1) {
      throw new Failure("dict expected at most 1 argument, got " + args.positional().size());
    }
    Dict dict = new Dict();
    fill(budget, dict, args);
    return dict;
  }

  private static void fill(Budget budget, Dict dict, Args args) {
    for (Value source : args.positional()) {
      addAll(budget, dict, source);
    }
    args.named().forEach((name, value) -> dict.put(budget, Str.of(name), value));
  }

  private static void addAll(Budget budget, Dict dict, Value source) {
    if (source instanceof Undefined undefined) {
      throw undefined.failure();
    }
    if (source instanceof Dict other) {
      budget.chargeSlots(other.size());
      List.copyOf(other.entries()).forEach(entry -> dict.put(budget, entry.key(), entry.value()));
      return;
    }
    Iterator<Value> pairs = Iteration.of(budget, source);
    while (pairs.hasNext()) {
      List<Value> pair = Iteration.toList(budget, pairs.next());
      if (pair.size() != 2) {
        throw new Failure(
            "dictionary update sequence element has length " + pair.size() + "; 2 is required");
      }
      dict.put(budget, pair.get(0), pair.get(1));
    }
  }

  static Dict fromKeys(Budget budget, Args args) {
    Bound bound = args.bindPositional("fromkeys", 1, 2);
    Dict dict = new Dict();
    Iterator<Value> keys = Iteration.of(budget, bound.need(0));
    while (keys.hasNext()) {
      dict.put(budget, keys.next(), bound.get(1, None.NONE));
    }
    return dict;
  }

  private static Value view(Dict self, DictView.Kind kind, Args args) {
    args.none("dict." + kind.name().toLowerCase(Locale.ROOT));
    return new DictView(kind, self);
  }

  private static Value clear(Rendering rendering, Dict self, Args args) {
    args.none("clear");
    self.clear();
    return None.NONE;
  }

  private static Value copy(Rendering rendering, Dict self, Args args) {
    args.none("copy");
    return self.copy(rendering.budget());
  }

  private static Value get(Rendering rendering, Dict self, Args args) {
    Bound bound = args.bindPositional("get", 1, 2);
    Value value = self.get(rendering.budget(), bound.need(0));
    return value == null ? bound.get(1, None.NONE) : value;
  }

  private static Value pop(Rendering rendering, Dict self, Args args) {
    Bound bound = args.bindPositional("pop", 1, 2);
    Value value = self.remove(rendering.budget(), bound.need(0));
    Value result = value == null ? bound.get(1) : value;
    if (result == null) {
      throw new Failure("KeyError: " + Text.repr(rendering.budget(), bound.need(0)));
    }
    return result;
  }

  private static Value popItem(Rendering rendering, Dict self, Args args) {
    args.none("popitem");
    if (self.size() == 0) {
      throw new Failure("popitem(): dictionary is empty");
    }
    Dict.Entry last = self.last();
    self.remove(rendering.budget(), last.key());
    return Tuple.of(last.key(), last.value());
  }

  private static Value setDefault(Rendering rendering, Dict self, Args args) {
    Bound bound = args.bindPositional("setdefault", 1, 2);
    Value value = self.get(rendering.budget(), bound.need(0));
    if (value == null) {
      value = bound.get(1, None.NONE);
      self.put(rendering.budget(), bound.need(0), value);
    }
    return value;
  }

  private static Value update(Rendering rendering, Dict self, Args args) {
    if (args.positional().size() > 1) {
      throw new Failure("update expected at most 1 argument, got " + args.positional().size());
    }
    fill(rendering.budget(), self, args);
    return None.NONE;
  }
}
