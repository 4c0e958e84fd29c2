package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.Keys;
import dev.nearside.jinja.value.Lazy;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Value;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that arrange a sequence into groups. */
final class GroupFilters {
  private GroupFilters() {}

  /** Rows of {@code linecount} items, the last one filled up if asked. */
  static Value batch(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("batch", 1, "linecount", "fill_with");
    int size = bound.integer(0);
    Value fill = bound.some(1);
    Budget budget = rendering.budget();
    return Lazy.generator(() -> new Rows(budget, Iteration.of(budget, input), size, fill));
  }

  private static final class Rows implements Iterator<Value> {
    private final Budget budget;
    private final Iterator<Value> items;
    private final int size;
    private final @Nullable Value fill;

    Rows(Budget budget, Iterator<Value> items, int size, @Nullable Value fill) {
      this.budget = budget;
      this.items = items;
      this.size = size;
      this.fill = fill;
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Value next() {
      ListValue row = new ListValue();
      row.items().add(items.next());
      while (row.items().size() != size && items.hasNext()) {
        budget.charge(Budget.SLOT_COST);
        row.items().add(items.next());
      }
      int missing = size - row.items().size();
      if (fill != null && missing > 0) {
        budget.chargeSlots(missing);
        row.items().addAll(Collections.nCopies(missing, fill));
      }
      return row;
    }
  }

  /** {@code slices} columns of nearly the same length. */
  static Value slice(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("slice", 1, "slices", "fill_with");
    int slices = bound.integer(0);
    Value fill = bound.some(1);
    return Lazy.generator(() ->
        columns(rendering.budget(), Iteration.toList(rendering.budget(), input), slices, fill));
  }

  private static Iterator<Value> columns(
      Budget budget, List<Value> items, int slices, @Nullable Value fill) {
    if (slices == 0) {
      throw new Failure("integer division or modulo by zero");
    }
    int each = slices < 0 ? 0 : items.size() / slices;
    int longer = slices < 0 ? 0 : items.size() % slices;
    return new Iterator<>() {
      private int column;

      @Override
      public boolean hasNext() {
        return column < slices;
      }

      @Override
      public Value next() {
        int start = column * each + Math.min(column, longer);
        int size = each + (column < longer ? 1 : 0);
        budget.chargeSlots(size + 1);
        ListValue part = new ListValue(items.subList(start, start + size));
        if (fill != null && column >= longer) {
          part.items().add(fill);
        }
        column++;
        return part;
      }
    };
  }

  static Value unique(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("unique", 0, "case_sensitive", "attribute");
    UnaryOperator<Value> key =
        AttributePath.key(rendering, bound.some(1), null, bound.flag(0, false));
    Set<Object> seen = new HashSet<>();
    return Iteration.select(
        rendering.budget(),
        input,
        item -> {
          rendering.budget().chargeSlots(4);
          return seen.add(Keys.of(rendering.budget(), key.apply(item)));
        });
  }

  static Value groupBy(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("groupby", 1, "attribute", "default", "case_sensitive");
    boolean isCaseSensitive = bound.flag(2, false);
    Value fallback = bound.some(1);
    UnaryOperator<Value> key =
        AttributePath.key(rendering, bound.need(0), fallback, isCaseSensitive);
    UnaryOperator<Value> label = AttributePath.getter(rendering, bound.need(0), fallback);
    List<Value> items = Iteration.toList(rendering.budget(), input);
    ListValue groups = new ListValue();
    ListValue group = new ListValue();
    Value groupKey = null;
    for (Value item : Comparison.sorted(rendering.budget(), items, key, false)) {
      Value itemKey = key.apply(item);
      rendering.budget().chargeSlots(4);
      if (groupKey == null || !Comparison.equal(rendering.budget(), groupKey, itemKey)) {
        groupKey = itemKey;
        group = new ListValue();
        groups.items().add(new Tuple(List.of(label.apply(item), group), true));
      }
      group.items().add(item);
    }
    return groups;
  }
}
