package dev.nearside.jinja.value;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's {@code json.dumps}, which {@code tojson} is in Hugging Face's environment. */
public final class Json {
  /**
   * How to write.
   *
   * @param indent what one level is indented by; null keeps everything on one line
   */
  public record Options(
      boolean isAscii,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean isSorted) {}

  private final Budget budget;
  private final Options options;
  private final StringBuilder out = new StringBuilder();
  private int level;

  private Json(Budget budget, Options options) {
    this.budget = budget;
    this.options = options;
  }

  /**
   * The value as JSON.
   *
   * @throws Failure if it holds something that JSON has no form for
   */
  public static String write(Budget budget, Value value, Options options) {
    Json json = new Json(budget, options);
    json.value(value);
    return json.out.toString();
  }

  private void append(String text) {
    budget.charge(text.length());
    out.append(text);
  }

  private void value(Value value) {
    switch (value) {
      case None none -> append("null");
      case Bool bool -> append(bool == Bool.TRUE ? "true" : "false");
      case Int number -> append(Text.integer(number.value()));
      case Real number -> append(real(number.value()));
      case Str text -> string(text.text());
      case ListValue list -> list(list.items());
      case Tuple tuple -> list(tuple.items());
      case Dict dict -> dict(dict);
      case Range range -> throw unsupported(value);
      case DictView view -> throw unsupported(value);
      case Lazy lazy -> throw unsupported(value);
      case Undefined undefined -> throw unsupported(value);
      case ObjectValue object -> throw unsupported(value);
    }
  }

  private static Failure unsupported(Value value) {
    return new Failure("Object of type " + value.typeName() + " is not JSON serializable");
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    return RealText.repr(value);
  }

  private void list(List<Value> items) {
    if (items.isEmpty()) {
      append("[]");
      return;
    }
    open("[");
    for (Iterator<Value> i = items.iterator(); i.hasNext(); ) {
      value(i.next());
      between(i.hasNext());
    }
    close("]");
  }

  private void dict(Dict dict) {
    if (dict.size() == 0) {
      append("{}");
      return;
    }
    open("{");
    for (Iterator<Dict.Entry> i = entries(dict).iterator(); i.hasNext(); ) {
      Dict.Entry entry = i.next();
      string(key(entry.key()));
      append(options.keySeparator());
      value(entry.value());
      between(i.hasNext());
    }
    close("}");
  }

  private List<Dict.Entry> entries(Dict dict) {
    budget.chargeSlots(dict.size());
    List<Dict.Entry> entries = new ArrayList<>(dict.entries());
    if (!options.isSorted()) {
      return entries;
    }
    List<Value> keys = new ArrayList<>();
    entries.forEach(entry -> keys.add(entry.key()));
    List<Dict.Entry> sorted = new ArrayList<>();
    for (Value key : Comparison.sorted(budget, keys, k -> k, false)) {
      Value value = dict.get(budget, key);
      sorted.add(new Dict.Entry(key, value == null ? None.NONE : value));
    }
    return sorted;
  }

  private static String key(Value key) {
    return switch (key) {
      case Str text -> text.text();
      case None none -> "null";
      case Bool bool -> bool == Bool.TRUE ? "true" : "false";
      case Int number -> Text.integer(number.value());
      case Real number -> real(number.value());
      default ->
          throw new Failure("keys must be str, int, float, bool or None, not " + key.typeName());
    };
  }

  private void open(String bracket) {
    budget.enter();
    level++;
    append(bracket);
    newLine();
  }

  private void between(boolean hasNext) {
    if (hasNext) {
      append(options.itemSeparator());
      newLine();
    }
  }

  private void close(String bracket) {
    level--;
    budget.leave();
    newLine();
    append(bracket);
  }

  private void newLine() {
    if (options.indent() != null) {
      append("\n");
      append(Arithmetic.repeat(budget, options.indent(), level));
    }
  }

  private void string(String text) {
    budget.charge(text.length() + 2L);
    int before = out.length();
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      escape(text.charAt(i));
    }
    out.append('"');
    budget.charge(Math.max(0, out.length() - before - text.length() - 2));
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\f' -> out.append("\\f");
      case '\b' -> out.append("\\b");
      default -> {
        if (c < 0x20 || (options.isAscii() && c > 0x7e)) {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
