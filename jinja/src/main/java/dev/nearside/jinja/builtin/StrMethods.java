package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bool;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.None;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The methods of {@code str}. Cutting into pieces is in {@link StrSplitting}. */
final class StrMethods {
  static final Map<String, Method<Str>> ALL = index();

  private StrMethods() {}

  private static Map<String, Method<Str>> index() {
    Map<String, Method<Str>> all = new LinkedHashMap<>(StrSplitting.ALL);
    changing(all, "capitalize", StrCase::capitalize);
    changing(all, "casefold", StrCase::fold);
    changing(all, "lower", StrCase::lower);
    changing(all, "swapcase", StrCase::swap);
    changing(all, "title", StrCase::title);
    changing(all, "upper", StrCase::upper);
    asking(all, "isalnum", StrCase::isAlphanumeric);
    asking(all, "isalpha", StrCase::isAlphabetic);
    asking(all, "isascii", text -> text.chars().allMatch(c -> c < 0x80));
    asking(all, "isdecimal", StrCase::isDecimal);
    asking(all, "isdigit", StrCase::isDigit);
    asking(all, "isidentifier", StrCase::isIdentifier);
    asking(all, "islower", StrCase::isLower);
    asking(all, "isnumeric", StrCase::isNumeric);
    asking(all, "isprintable", StrCase::isPrintable);
    asking(all, "isspace", StrCase::isSpace);
    asking(all, "istitle", StrCase::isTitle);
    asking(all, "isupper", StrCase::isUpper);
    all.put("center", (rt, self, args) -> pad(rt.budget(), self, "center", args));
    all.put("ljust", (rt, self, args) -> pad(rt.budget(), self, "ljust", args));
    all.put("rjust", (rt, self, args) -> pad(rt.budget(), self, "rjust", args));
    all.put("zfill", StrMethods::zeroFill);
    all.put("strip", (rt, self, args) -> strip(self, "strip", true, true, args));
    all.put("lstrip", (rt, self, args) -> strip(self, "lstrip", true, false, args));
    all.put("rstrip", (rt, self, args) -> strip(self, "rstrip", false, true, args));
    all.put("removeprefix", StrMethods::removePrefix);
    all.put("removesuffix", StrMethods::removeSuffix);
    all.put("startswith", (rt, self, args) -> has(self, "startswith", String::startsWith, args));
    all.put("endswith", (rt, self, args) -> has(self, "endswith", String::endsWith, args));
    all.put("count", StrMethods::count);
    all.put("find", (rt, self, args) -> Int.of(find(rt.budget(), self, "find", true, args)));
    all.put("rfind", (rt, self, args) -> Int.of(find(rt.budget(), self, "rfind", false, args)));
    all.put("index", (rt, self, args) -> found(find(rt.budget(), self, "index", true, args)));
    all.put("rindex", (rt, self, args) -> found(find(rt.budget(), self, "rindex", false, args)));
    all.put("replace", StrMethods::replace);
    all.put("join", StrMethods::join);
    all.put("expandtabs", StrMethods::expandTabs);
    all.put("translate", StrMethods::translate);
    all.put("format", (rt, self, args) -> StrFormat.format(rt, self, args));
    all.put("format_map", StrMethods::formatMap);
    return Map.copyOf(all);
  }

  private static void changing(
      Map<String, Method<Str>> all, String name, UnaryOperator<String> change) {
    all.put(
        name,
        (rendering, self, args) -> {
          args.none(name);
          rendering.budget().charge(self.text().length());
          return self.like(change.apply(self.text()));
        });
  }

  private static void asking(
      Map<String, Method<Str>> all, String name, Predicate<String> question) {
    all.put(
        name,
        (rendering, self, args) -> {
          args.none(name);
          return Bool.of(question.test(self.text()));
        });
  }

  private static Value pad(Budget budget, Str self, String name, Args args) {
    Bound bound = args.bindPositional(name, 1, 2);
    String fill = bound.text(1, " ");
    if (CodePoints.length(fill) != 1) {
      throw new Failure("The fill character must be exactly one character long");
    }
    int width = bound.integer(0);
    int missing = Math.max(0, width - CodePoints.length(self.text()));
    int left =
        switch (name) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          // CPython puts the odd one on the left if the width is odd.
          default -> missing / 2 + (missing & width & 1);
        };
    return self.like(surround(budget, self.text(), fill, left, missing - left));
  }

  private static String surround(Budget budget, String text, String fill, int left, int right) {
    budget.charge(text.length() + (long) fill.length() * (left + right));
    return fill.repeat(left) + text + fill.repeat(right);
  }

  private static Value zeroFill(Rendering rendering, Str self, Args args) {
    int width = args.bindPositional("zfill", 1, 1).integer(0);
    String text = self.text();
    int missing = Math.max(0, width - CodePoints.length(text));
    boolean isSigned = text.startsWith("-") || text.startsWith("+");
    String sign = isSigned ? text.substring(0, 1) : "";
    String rest = surround(rendering.budget(), text.substring(sign.length()), "0", missing, 0);
    return self.like(sign + rest);
  }

  private static Value strip(Str self, String name, boolean left, boolean right, Args args) {
    Bound bound = args.bindPositional(name, 0, 1);
    return bound.some(0) == null
        ? self.like(CodePoints.strip(self.text(), left, right))
        : self.like(strip(self.text(), bound.text(0), left, right));
  }

  /** Removes the code points of {@code chars} at the chosen ends. */
  static String strip(String text, String chars, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && chars.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (right && to > from && chars.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static Value removePrefix(Rendering rendering, Str self, Args args) {
    String prefix = args.bindPositional("removeprefix", 1, 1).text(0);
    String text = self.text();
    return text.startsWith(prefix) ? self.like(text.substring(prefix.length())) : self;
  }

  private static Value removeSuffix(Rendering rendering, Str self, Args args) {
    String suffix = args.bindPositional("removesuffix", 1, 1).text(0);
    String text = self.text();
    return text.endsWith(suffix)
        ? self.like(text.substring(0, text.length() - suffix.length()))
        : self;
  }

  /** The part of a string between two optional indices, and where it begins. */
  private record Part(String text, int start) {
    static Part of(Str self, Bound bound, int from) {
      int size = CodePoints.length(self.text());
      Value low = bound.some(from);
      Value high = bound.some(from + 1);
      int start = low == null ? 0 : bound.integer(from);
      int end = high == null ? Integer.MAX_VALUE : bound.integer(from + 1);
      int first = start < 0 ? Math.max(start + size, 0) : start;
      int last = Methods.position(end, size);
      if (first > last) {
        return new Part("", -1);
      }
      return new Part(CodePoints.substring(self.text(), first, last), first);
    }

    boolean isValid() {
      return start >= 0;
    }
  }

  private static Value has(
      Str self, String name, BiFunction<String, String, Boolean> question, Args args) {
    Bound bound = args.bindPositional(name, 1, 3);
    Part part = Part.of(self, bound, 1);
    List<Value> choices =
        bound.need(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.need(0));
    for (Value choice : choices) {
      if (!(choice instanceof Str affix)) {
        throw choice instanceof Undefined undefined
            ? undefined.failure()
            : new Failure(
                name + " first arg must be str or a tuple of str, not " + choice.typeName());
      }
      if (part.isValid() && question.apply(part.text(), affix.text())) {
        return Bool.TRUE;
      }
    }
    return Bool.FALSE;
  }

  private static Value count(Rendering rendering, Str self, Args args) {
    Bound bound = args.bindPositional("count", 1, 3);
    String wanted = bound.text(0);
    Part part = Part.of(self, bound, 1);
    rendering.budget().scan(wanted.length());
    if (!part.isValid()) {
      return Int.ZERO;
    }
    if (wanted.isEmpty()) {
      return Int.of(CodePoints.length(part.text()) + 1L);
    }
    int count = 0;
    int at = CodePoints.indexOf(part.text(), wanted, 0);
    while (at >= 0) {
      count++;
      at = CodePoints.indexOf(part.text(), wanted, at + wanted.length());
    }
    return Int.of(count);
  }

  private static int find(Budget budget, Str self, String name, boolean isFirst, Args args) {
    Bound bound = args.bindPositional(name, 1, 3);
    String wanted = bound.text(0);
    Part part = Part.of(self, bound, 1);
    budget.scan(wanted.length());
    if (!part.isValid()) {
      return -1;
    }
    String text = part.text();
    int at =
        isFirst
            ? CodePoints.indexOf(text, wanted, 0)
            : CodePoints.lastIndexOf(text, wanted, text.length());
    return at < 0 ? -1 : part.start() + text.codePointCount(0, at);
  }

  private static Value found(int index) {
    if (index < 0) {
      throw new Failure("substring not found");
    }
    return Int.of(index);
  }

  private static Value replace(Rendering rendering, Str self, Args args) {
    Bound bound = args.bindPositional("replace", 2, 3);
    int count = bound.integer(2, -1);
    return self.like(replace(rendering.budget(), self.text(), bound.text(0), bound.text(1), count));
  }

  /** Python's {@code text.replace(old, fresh, count)}; a negative count means all. */
  static String replace(Budget budget, String text, String old, String fresh, int count) {
    int left = count < 0 ? Integer.MAX_VALUE : count;
    StringBuilder out = new StringBuilder();
    budget.charge(text.length());
    int from = 0;
    while (left-- > 0) {
      int at = old.isEmpty() ? from : CodePoints.indexOf(text, old, from);
      if (at < 0) {
        break;
      }
      budget.charge(fresh.length());
      budget.step();
      out.append(text, from, at).append(fresh);
      from = at + old.length();
      if (old.isEmpty()) {
        if (from >= text.length()) {
          break;
        }
        int next = text.offsetByCodePoints(from, 1);
        out.append(text, from, next);
        from = next;
      }
    }
    return out.append(text, from, text.length()).toString();
  }

  private static Value join(Rendering rendering, Str self, Args args) {
    Iterator<Value> items =
        Iteration.of(rendering.budget(), args.bindPositional("join", 1, 1).need(0));
    StringBuilder out = new StringBuilder();
    for (int i = 0; items.hasNext(); i++) {
      if (!(items.next() instanceof Str item)) {
        throw new Failure("sequence item " + i + ": expected str instance");
      }
      rendering.budget().charge((long) self.text().length() + item.text().length());
      out.append(i == 0 ? "" : self.text()).append(item.text());
    }
    return self.like(out.toString());
  }

  private static Value expandTabs(Rendering rendering, Str self, Args args) {
    int size = args.bind("expandtabs", 0, "tabsize").integer(0, 8);
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int c : self.text().codePoints().toArray()) {
      if (c == '\t') {
        int spaces = size <= 0 ? 0 : size - column % size;
        rendering.budget().charge(spaces);
        out.append(" ".repeat(spaces));
        column += spaces;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    rendering.budget().charge(self.text().length());
    return self.like(out.toString());
  }

  private static Value translate(Rendering rendering, Str self, Args args) {
    if (!(args.bindPositional("translate", 1, 1).need(0) instanceof Dict table)) {
      throw new Failure("translate() needs a dict of code points");
    }
    StringBuilder out = new StringBuilder();
    for (int c : self.text().codePoints().toArray()) {
      Value to = table.get(rendering.budget(), Int.of(c));
      String text =
          switch (to) {
            case null -> Character.toString(c);
            case None none -> "";
            case Str known -> known.text();
            case Int code when code.value().bitLength() <= 20 && code.value().signum() >= 0 ->
                Character.toString(Values.clamp(code.value()));
            default -> throw new Failure("character mapping must return integer, None or str");
          };
      rendering.budget().charge(text.length());
      out.append(text);
    }
    return self.like(out.toString());
  }

  private static Value formatMap(Rendering rendering, Str self, Args args) {
    if (!(args.bindPositional("format_map", 1, 1).need(0) instanceof Dict dict)) {
      throw new Failure("format_map() needs a dict");
    }
    Map<String, Value> named = new LinkedHashMap<>();
    for (Dict.Entry entry : dict.entries()) {
      if (entry.key() instanceof Str name) {
        named.put(name.text(), entry.value());
      }
    }
    return StrFormat.format(rendering, self, new Args(List.of(), named));
  }
}
