package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Comparison;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Text;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * Python's {@code pprint.pformat} with its defaults: 80 columns, dicts sorted by key. Unlike Python
 * it does not break long strings, and leaves a dict whose keys have no order as it is.
 */
final class PrettyPrint {
  private static final int WIDTH = 80;

  private final Budget budget;

  private PrettyPrint(Budget budget) {
    this.budget = budget;
  }

  static String format(Budget budget, Value value) {
    StringBuilder out = new StringBuilder();
    new PrettyPrint(budget).write(out, value, 0, 0);
    return out.toString();
  }

  private void write(StringBuilder out, Value value, int indent, int allowance) {
    Value sorted = sorted(value);
    String line = Text.repr(budget, sorted);
    if (CodePoints.length(line) <= WIDTH - indent - allowance) {
      out.append(line);
      return;
    }
    budget.enter();
    switch (sorted) {
      case ListValue list -> items(out, list.items(), "[", "]", indent, allowance);
      case Tuple tuple ->
          items(out, tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", indent, allowance);
      case Dict dict -> dict(out, dict, indent, allowance);
      default -> out.append(line);
    }
    budget.leave();
  }

  /** The value with its dicts in order, at every level, as it is printed on one line. */
  private Value sorted(Value value) {
    budget.enter();
    try {
      return switch (value) {
        case Dict dict -> sorted(dict);
        case ListValue list -> new ListValue(sorted(list.items()));
        case Tuple tuple -> new Tuple(sorted(tuple.items()), tuple.isGroup());
        default -> value;
      };
    } finally {
      budget.leave();
    }
  }

  private List<Value> sorted(List<Value> items) {
    budget.chargeSlots(items.size());
    List<Value> sorted = new ArrayList<>();
    items.forEach(item -> sorted.add(sorted(item)));
    return sorted;
  }

  private Dict sorted(Dict dict) {
    List<Value> keys = new ArrayList<>();
    dict.entries().forEach(entry -> keys.add(entry.key()));
    boolean isText = keys.stream().allMatch(Str.class::isInstance);
    boolean isNumber = keys.stream().allMatch(Values::isNumber);
    List<Value> order =
        isText || isNumber ? Comparison.sorted(budget, keys, key -> key, false) : keys;
    Dict sorted = new Dict();
    for (Value key : order) {
      Value value = dict.get(budget, key);
      if (value != null) {
        sorted.put(budget, key, sorted(value));
      }
    }
    return sorted;
  }

  private void items(
      StringBuilder out, List<Value> items, String open, String close, int indent, int allowance) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      boolean isLast = i == items.size() - 1;
      write(out, items.get(i), indent + 1, isLast ? allowance + close.length() : 1);
      separate(out, isLast, indent);
    }
    out.append(close);
  }

  private void separate(StringBuilder out, boolean isLast, int indent) {
    if (!isLast) {
      budget.charge(indent + 3L);
      out.append(",\n").append(" ".repeat(indent + 1));
    }
  }

  private void dict(StringBuilder out, Dict dict, int indent, int allowance) {
    out.append('{');
    int left = dict.size();
    for (Dict.Entry entry : dict.entries()) {
      boolean isLast = --left == 0;
      String key = Text.repr(budget, entry.key());
      out.append(key).append(": ");
      int inner = indent + 1 + CodePoints.length(key) + 2;
      write(out, entry.value(), inner, isLast ? allowance + 1 : 1);
      separate(out, isLast, indent);
    }
    out.append('}');
  }
}
