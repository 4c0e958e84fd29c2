package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Args;
import dev.nearside.jinja.value.Bound;
import dev.nearside.jinja.value.Budget;
import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Failure;
import dev.nearside.jinja.value.ListValue;
import dev.nearside.jinja.value.Str;
import dev.nearside.jinja.value.Tuple;
import dev.nearside.jinja.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The methods of {@code str} that cut it into pieces. */
final class StrSplitting {
  static final Map<String, Method<Str>> ALL =
      Map.of(
          "split", (rt, self, args) -> split(rt.budget(), self, "split", true, args),
          "rsplit", (rt, self, args) -> split(rt.budget(), self, "rsplit", false, args),
          "splitlines", StrSplitting::splitLines,
          "partition", (rt, self, args) -> partition(rt.budget(), self, true, args),
          "rpartition", (rt, self, args) -> partition(rt.budget(), self, false, args));

  private StrSplitting() {}

  private static Value split(Budget budget, Str self, String name, boolean isFromLeft, Args args) {
    Bound bound = args.bind(name, 0, "sep", "maxsplit");
    int limit = bound.integer(1, -1);
    int most = limit < 0 ? Integer.MAX_VALUE : limit;
    String text = self.text();
    List<String> pieces;
    if (bound.some(0) == null) {
      pieces = isFromLeft ? words(budget, text, most) : lastWords(budget, text, most);
    } else {
      String separator = bound.text(0);
      if (separator.isEmpty()) {
        throw new Failure("empty separator");
      }
      pieces =
          isFromLeft
              ? split(budget, text, separator, most)
              : splitLast(budget, text, separator, most);
    }
    return list(self, pieces);
  }

  private static ListValue list(Str self, List<String> pieces) {
    ListValue list = new ListValue();
    pieces.forEach(piece -> list.items().add(self.like(piece)));
    return list;
  }

  /** Adds a piece and counts it. */
  private static void add(Budget budget, List<String> pieces, String piece) {
    budget.step();
    budget.charge(piece.length() + 4L * Budget.SLOT_COST);
    pieces.add(piece);
  }

  private static List<String> words(Budget budget, String text, int most) {
    List<String> pieces = new ArrayList<>();
    int at = skip(text, 0, true);
    while (at < text.length()) {
      int end = pieces.size() < most ? skip(text, at, false) : text.length();
      add(budget, pieces, text.substring(at, end));
      at = skip(text, end, true);
    }
    return pieces;
  }

  /** The first offset from {@code from} where white space ends, or begins. */
  private static int skip(String text, int from, boolean isSpace) {
    int at = from;
    while (at < text.length() && CodePoints.isSpace(text.charAt(at)) == isSpace) {
      at++;
    }
    return at;
  }

  private static List<String> lastWords(Budget budget, String text, int most) {
    List<String> pieces = new ArrayList<>();
    int end = skipBack(text, text.length(), true);
    while (end > 0) {
      int at = pieces.size() < most ? skipBack(text, end, false) : 0;
      add(budget, pieces, text.substring(at, end));
      end = skipBack(text, at, true);
    }
    Collections.reverse(pieces);
    return pieces;
  }

  /** The last offset up to {@code from} before which white space ends, or begins. */
  private static int skipBack(String text, int from, boolean isSpace) {
    int at = from;
    while (at > 0 && CodePoints.isSpace(text.charAt(at - 1)) == isSpace) {
      at--;
    }
    return at;
  }

  private static List<String> split(Budget budget, String text, String separator, int most) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    int at = most > 0 ? CodePoints.indexOf(text, separator, 0) : -1;
    while (at >= 0) {
      add(budget, pieces, text.substring(from, at));
      from = at + separator.length();
      at = pieces.size() < most ? CodePoints.indexOf(text, separator, from) : -1;
    }
    add(budget, pieces, text.substring(from));
    return pieces;
  }

  private static List<String> splitLast(Budget budget, String text, String separator, int most) {
    List<String> pieces = new ArrayList<>();
    int end = text.length();
    while (pieces.size() < most) {
      int at = CodePoints.lastIndexOf(text, separator, end - separator.length());
      if (at < 0 || end < separator.length()) {
        break;
      }
      add(budget, pieces, text.substring(at + separator.length(), end));
      end = at;
    }
    add(budget, pieces, text.substring(0, end));
    Collections.reverse(pieces);
    return pieces;
  }

  private static Value splitLines(Rendering rendering, Str self, Args args) {
    boolean keepsEnds = args.bind("splitlines", 0, "keepends").flag(0, false);
    return list(self, lines(rendering.budget(), self.text(), keepsEnds));
  }

  /** Python's {@code text.splitlines(keepends)}. */
  static List<String> lines(Budget budget, String text, boolean keepsEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (CodePoints.isLineBreak(text.charAt(i))) {
        int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        add(budget, lines, text.substring(start, keepsEnds ? end : i));
        start = end;
        i = end - 1;
      }
    }
    if (start < text.length()) {
      add(budget, lines, text.substring(start));
    }
    return lines;
  }

  private static Value partition(Budget budget, Str self, boolean isFirst, Args args) {
    String separator = args.bindPositional("partition", 1, 1).text(0);
    if (separator.isEmpty()) {
      throw new Failure("empty separator");
    }
    String text = self.text();
    budget.charge(text.length());
    int at =
        isFirst
            ? CodePoints.indexOf(text, separator, 0)
            : CodePoints.lastIndexOf(text, separator, text.length());
    if (at < 0) {
      return isFirst
          ? Tuple.of(self, self.like(""), self.like(""))
          : Tuple.of(self.like(""), self.like(""), self);
    }
    return Tuple.of(
        self.like(text.substring(0, at)),
        self.like(separator),
        self.like(text.substring(at + separator.length())));
  }
}
