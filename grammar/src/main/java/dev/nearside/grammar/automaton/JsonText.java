package dev.nearside.grammar.automaton;

import dev.nearside.grammar.CharSet;
import dev.nearside.grammar.Expr;
import java.util.List;

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
