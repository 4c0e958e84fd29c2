package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.DictView;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Filters that put values in order. */
final class SortFilters {
  private SortFilters() {}

  static Value sort(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("sort", 0, "reverse", "case_sensitive", "attribute");
    UnaryOperator<Value> key = AttributePath.keys(rendering, bound.some(2), bound.flag(1, false));
    List<Value> items = Iteration.toList(rendering.budget(), input);
    return new ListValue(Comparison.sorted(rendering.budget(), items, key, bound.flag(0, false)));
  }

  static Value dictSort(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("dictsort", 0, "case_sensitive", "by", "reverse");
    String by = bound.text(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw new Failure("You can only sort by either \"key\" or \"value\"");
    }
    if (!(input instanceof Dict dict)) {
      throw input instanceof Undefined undefined
          ? undefined.failure()
          : new Failure("'" + input.typeName() + " object' has no attribute 'items'");
    }
    int side = by.equals("key") ? 0 : 1;
    boolean isCaseSensitive = bound.flag(0, false);
    UnaryOperator<Value> key =
        pair -> {
          Value value = ((Tuple) pair).items().get(side);
          return isCaseSensitive ? value : AttributePath.ignoreCase(rendering, value);
        };
    DictView pairs = new DictView(DictView.Kind.ITEMS, dict);
    return new ListValue(
        Comparison.sorted(
            rendering.budget(),
            Iteration.toList(rendering.budget(), pairs),
            key,
            bound.flag(2, false)));
  }

  static Value min(Rendering rendering, Value input, Args args) {
    return best(rendering, input, args.bind("min", 0, "case_sensitive", "attribute"), true);
  }

  static Value max(Rendering rendering, Value input, Args args) {
    return best(rendering, input, args.bind("max", 0, "case_sensitive", "attribute"), false);
  }

  private static Value best(Rendering rendering, Value input, Bound bound, boolean isLeast) {
    UnaryOperator<Value> key =
        AttributePath.key(rendering, bound.some(1), null, bound.flag(0, false));
    Iterator<Value> items = Iteration.of(rendering.budget(), input);
    if (!items.hasNext()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Value best = items.next();
    Value bestKey = key.apply(best);
    while (items.hasNext()) {
      Value item = items.next();
      Value itemKey = key.apply(item);
      Comparison.Order order = isLeast ? Comparison.Order.LESS : Comparison.Order.GREATER;
      if (Comparison.ordered(rendering.budget(), itemKey, bestKey, order)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }
}
