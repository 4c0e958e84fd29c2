package dev.nearside.grammar.automaton;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.Expr;
import dev.nearside.grammar.text.CharDfa;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How characters appear in JSON strings (RFC 8259, section 7). */
public final class JsonText {
  /** Characters that must be escaped. */
  static final CharSet ESCAPED = CharSet.of(0, 0x1F, '"', '"', '\\', '\\');

  private static final Expr HEX = new Expr.Chars(CharSet.of('0', '9', 'A', 'F', 'a', 'f'));

  private JsonText() {}

  /** The escape of one of {@link #ESCAPED}. */
  static String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", c);
    };
  }

  /** {@code text} as the inside of a JSON string, with no more escapes than JSON asks for. */
  public static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (ESCAPED.contains(c)) {
            out.append(escape(c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  /** The JSON strings, quotes included, of the texts of a language. */
  public static CharDfa quoted(CharDfa texts) {
    CharDfa.Builder out = new CharDfa.Builder();
    int start = out.state(false);
    int[] states = new int[texts.stateCount()];
    for (int s = 0; s < states.length; s++) {
      states[s] = out.state(false);
    }
    int end = out.state(true);
    out.range(start, '"', '"', states[0]);
    for (int s = 0; s < states.length; s++) {
      if (texts.isFinal(s)) {
        out.range(states[s], '"', '"', end);
      }
      escapes(texts, s, states, out);
    }
    return out.build().trimmed();
  }

  private static void escapes(CharDfa texts, int from, int[] states, CharDfa.Builder out) {
    Map<String, Integer> middles = new HashMap<>();
    middles.put("", states[from]);
    for (int c = 0; c < texts.classCount(); c++) {
      int next = texts.next(from, c);
      if (next >= 0) {
        CharSet set = CharSet.of(texts.classLow(c), texts.classHigh(c));
        out.chars(states[from], set.minus(ESCAPED), states[next]);
        for (int i = 0; i < ESCAPED.rangeCount(); i++) {
          for (int e = ESCAPED.low(i); e <= ESCAPED.high(i); e++) {
            if (set.contains(e)) {
              escape(escape(e), states[next], middles, out);
            }
          }
        }
      }
    }
  }

  private static void escape(
      String escape, int to, Map<String, Integer> middles, CharDfa.Builder out) {
    for (int k = 0; k < escape.length(); k++) {
      int at = java.util.Objects.requireNonNull(middles.get(escape.substring(0, k)));
      char c = escape.charAt(k);
      if (k + 1 == escape.length()) {
        out.range(at, c, c, to);
      } else if (!middles.containsKey(escape.substring(0, k + 1))) {
        int middle = out.state(false);
        middles.put(escape.substring(0, k + 1), middle);
        out.range(at, c, c, middle);
      }
    }
  }

  /** One character of a string in any of its spellings; surrogates only in pairs. */
  static Expr character() {
    Expr unit =
        Expr.choice(
            Expr.sequence(set("0-9", "A-C", "E-F", "a-c", "e-f"), HEX, HEX, HEX),
            Expr.sequence(set("D-D", "d-d"), set("0-7"), HEX, HEX),
            Expr.sequence(
                set("D-D", "d-d"),
                set("8-9", "A-B", "a-b"),
                HEX,
                HEX,
                Expr.text("\\u"),
                set("D-D", "d-d"),
                set("C-F", "c-f"),
                HEX,
                HEX));
    return new Expr.Choice(
        List.of(
            new Expr.Chars(ESCAPED.complement()),
            Expr.sequence(Expr.text("\\"), new Expr.Chars(CharSet.ofChars("\"\\/bfnrt"))),
            Expr.sequence(Expr.text("\\u"), unit)));
  }

  private static Expr set(String... ranges) {
    int[] pairs = new int[ranges.length * 2];
    for (int i = 0; i < ranges.length; i++) {
      pairs[2 * i] = ranges[i].charAt(0);
      pairs[2 * i + 1] = ranges[i].charAt(2);
    }
    return new Expr.Chars(CharSet.of(pairs));
  }
}
