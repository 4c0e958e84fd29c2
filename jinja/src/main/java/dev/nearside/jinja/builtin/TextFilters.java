package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Arithmetic;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Dict;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.Int;
import dev.nearside.jinja.value.Iteration;
import dev.nearside.jinja.value.PercentFormat;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Undefined;
import dev.nearside.jinja.value.Value;
import dev.nearside.jinja.value.Values;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Filters on strings. */
final class TextFilters {
  /** What {@code title} takes as the beginning of a word. */
  private static final String WORD_BREAKS = "-({[<";

  /** How much longer than asked a text may be without being truncated. */
  private static final int TRUNCATE_LEEWAY = 5;

  private TextFilters() {}

  /** The value as a string; a string keeps being safe. */
  private static Str soft(Rendering rendering, Value value) {
    return value instanceof Str text ? text : Str.of(rendering.str(value));
  }

  private static Value changed(
      Rendering rendering, Value input, Args args, String name, UnaryOperator<String> change) {
    args.none(name);
    Str text = soft(rendering, input);
    rendering.budget().charge(text.text().length());
    return text.like(change.apply(text.text()));
  }

  static Value string(Rendering rendering, Value input, Args args) {
    args.none("string");
    return soft(rendering, input);
  }

  static Value lower(Rendering rendering, Value input, Args args) {
    return changed(rendering, input, args, "lower", StrCase::lower);
  }

  static Value upper(Rendering rendering, Value input, Args args) {
    return changed(rendering, input, args, "upper", StrCase::upper);
  }

  static Value capitalize(Rendering rendering, Value input, Args args) {
    return changed(rendering, input, args, "capitalize", StrCase::capitalize);
  }

  static Value title(Rendering rendering, Value input, Args args) {
    Value titled = changed(rendering, input, args, "title", TextFilters::title);
    return Str.of(rendering.str(titled));
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean isStart = true;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean isBreak = i == text.length() || isWordBreak(text.charAt(i));
      if (isBreak != isStart || i == text.length()) {
        out.append(titleWord(text.substring(from, i)));
        from = i;
        isStart = isBreak;
      }
    }
    return out.toString();
  }

  private static boolean isWordBreak(char c) {
    return CodePoints.isSpace(c) || WORD_BREAKS.indexOf(c) >= 0;
  }

  private static String titleWord(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int first = word.offsetByCodePoints(0, 1);
    return StrCase.upper(word.substring(0, first)) + StrCase.lower(word.substring(first));
  }

  static Value trim(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("trim", 0, "chars");
    Str text = soft(rendering, input);
    return text.like(
        bound.some(0) == null
            ? CodePoints.strip(text.text(), true, true)
            : StrMethods.strip(text.text(), bound.text(0), true, true));
  }

  static Value center(Rendering rendering, Value input, Args args) {
    Value width = args.bind("center", 0, "width").get(0, Int.of(80));
    Method<Str> center = StrMethods.ALL.get("center");
    if (center == null) {
      throw new IllegalStateException("str has no center");
    }
    return center.call(rendering, soft(rendering, input), Args.of(width));
  }

  static Value replace(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("replace", 2, "old", "new", "count");
    int count = bound.some(2) == null ? -1 : bound.integer(2);
    String old = rendering.str(bound.need(0));
    String fresh = rendering.str(bound.need(1));
    return Str.of(StrMethods.replace(rendering.budget(), rendering.str(input), old, fresh, count));
  }

  static Value join(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("join", 0, "d", "attribute");
    UnaryOperator<Value> getter = AttributePath.getter(rendering, bound.some(1), null);
    String separator = rendering.str(bound.get(0, Str.EMPTY));
    Iterator<Value> items = Iteration.of(rendering.budget(), input);
    StringBuilder out = new StringBuilder();
    for (boolean isFirst = true; items.hasNext(); isFirst = false) {
      String item = rendering.str(getter.apply(items.next()));
      rendering.budget().charge((long) separator.length() + item.length());
      out.append(isFirst ? "" : separator).append(item);
    }
    return Str.of(out.toString());
  }

  static Value format(Rendering rendering, Value input, Args args) {
    if (!args.positional().isEmpty() && !args.named().isEmpty()) {
      throw new Failure("can't handle positional and keyword arguments at the same time");
    }
    Value values = Tuple.of(args.positional());
    if (!args.named().isEmpty()) {
      Dict named = new Dict();
      args.named().forEach((name, value) -> named.put(rendering.budget(), Str.of(name), value));
      values = named;
    }
    return PercentFormat.format(rendering.budget(), soft(rendering, input), values);
  }

  static Value indent(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("indent", 0, "width", "first", "blank");
    Str text = text("indent", input);
    Budget budget = rendering.budget();
    String indent =
        bound.get(0) instanceof Str width
            ? width.text()
            : Arithmetic.repeat(budget, " ", bound.integer(0, 4));
    List<String> lines = StrSplitting.lines(budget, text.text() + "\n", false);
    boolean indentsBlank = bound.flag(2, false);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean isIndented = i == 0 ? bound.flag(1, false) : indentsBlank || !line.isEmpty();
      budget.charge(line.length() + 1L + indent.length());
      out.append(i == 0 ? "" : "\n").append(isIndented ? indent : "").append(line);
    }
    return text.like(out.toString());
  }

  private static Str text(String filter, Value input) {
    if (input instanceof Str text) {
      return text;
    }
    throw input instanceof Undefined undefined
        ? undefined.failure()
        : new Failure("the filter " + filter + " needs a str, not " + input.typeName());
  }

  static Value truncate(Rendering rendering, Value input, Args args) {
    Bound bound = args.bind("truncate", 0, "length", "killwords", "end", "leeway");
    int length = bound.integer(0, 255);
    String end = bound.text(2, "...");
    int leeway = bound.some(3) == null ? TRUNCATE_LEEWAY : bound.integer(3);
    int endLength = CodePoints.length(end);
    if (length < endLength) {
      throw new Failure("expected length >= " + endLength + ", got " + length);
    }
    if (leeway < 0) {
      throw new Failure("expected leeway >= 0, got " + leeway);
    }
    int size = Values.length(input);
    if (size >= 0 && size <= (long) length + leeway) {
      return input;
    }
    Str text = text("truncate", input);
    String kept = CodePoints.substring(text.text(), 0, length - endLength);
    int space = bound.flag(1, false) ? -1 : kept.lastIndexOf(' ');
    String cut = space < 0 ? kept : kept.substring(0, space);
    return Arithmetic.apply(
        rendering.budget(), Arithmetic.Operator.ADD, text.like(cut), bound.get(2, Str.of(end)));
  }

  static Value wordCount(Rendering rendering, Value input, Args args) {
    args.none("wordcount");
    String text = soft(rendering, input).text();
    rendering.budget().scan(text.length());
    int count = 0;
    boolean isInWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean isWordPart = c == '_' || StrCase.isAlphanumeric(c);
      count += isWordPart && !isInWord ? 1 : 0;
      isInWord = isWordPart;
    }
    return Int.of(count);
  }

  static Value wordWrap(Rendering rendering, Value input, Args args) {
    Bound bound =
        args.bind("wordwrap", 0, "width", "break_long_words", "wrapstring", "break_on_hyphens");
    WordWrap wrap =
        new WordWrap(
            rendering.budget(), bound.integer(0, 79), bound.flag(1, true), bound.flag(3, true));
    String separator = bound.some(2) == null ? "\n" : bound.text(2);
    Str text = text("wordwrap", input);
    StringBuilder out = new StringBuilder();
    List<String> lines = StrSplitting.lines(rendering.budget(), text.text(), false);
    for (int i = 0; i < lines.size(); i++) {
      String wrapped = String.join(separator, wrap.wrap(lines.get(i)));
      rendering.budget().charge(wrapped.length() + separator.length());
      out.append(i == 0 ? "" : separator).append(wrapped);
    }
    return Str.of(out.toString());
  }
}
