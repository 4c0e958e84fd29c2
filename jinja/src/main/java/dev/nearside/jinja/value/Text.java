package dev.nearside.jinja.value;

import java.math.BigInteger;
import java.util.Iterator;

/** Python's {@code str} and {@code repr}. */
public final class Text {
  /** Python's limit on the digits of an integer that is printed. */
  private static final int MAX_INT_DIGITS = 4300;

  private static final BigInteger INT_LIMIT = BigInteger.TEN.pow(MAX_INT_DIGITS);

  private Text() {}

  /** {@code str(value)}: what {@code {{ value }}} prints. */
  public static String str(Budget budget, Value value) {
    return switch (value) {
      case Str text -> text.text();
      case Undefined undefined -> "";
      default -> repr(budget, value);
    };
  }

  /** {@code repr(value)}: how a value is written inside a container. */
  public static String repr(Budget budget, Value value) {
    StringBuilder out = new StringBuilder();
    repr(budget, out, value);
    return out.toString();
  }

  private static void repr(Budget budget, StringBuilder out, Value value) {
    int before = out.length();
    switch (value) {
      case None none -> out.append("None");
      case Bool bool -> out.append(bool == Bool.TRUE ? "True" : "False");
      case Int number -> out.append(integer(number.value()));
      case Real number -> out.append(RealText.repr(number.value()));
      case Str text -> {
        budget.charge(text.text().length());
        out.append(text.safe() ? "Markup(" : "");
        quote(out, text.text());
        out.append(text.safe() ? ")" : "");
      }
      case Undefined undefined -> out.append("Undefined");
      case ListValue list -> items(budget, out, list, "[", "]");
      case Tuple tuple -> items(budget, out, tuple, "(", tuple.items().size() == 1 ? ",)" : ")");
      case Dict dict -> dict(budget, out, dict);
      case DictView view -> items(budget, out, view, view.typeName() + "([", "])");
      case Range range -> range(out, range);
      case Lazy lazy -> out.append('<').append(lazy.typeName()).append(" object>");
      case ObjectValue object -> out.append(object.repr(budget));
    }
    if (!isContainer(value)) {
      budget.charge(out.length() - before);
    }
  }

  private static boolean isContainer(Value value) {
    return value instanceof ListValue || value instanceof Tuple || value instanceof Dict;
  }

  private static void items(
      Budget budget, StringBuilder out, Value value, String open, String close) {
    budget.enter();
    try {
      budget.charge(open.length() + close.length() + 2L * Values.length(value));
      out.append(open);
      Iterator<Value> items = Iteration.of(budget, value);
      for (boolean isFirst = true; items.hasNext(); isFirst = false) {
        out.append(isFirst ? "" : ", ");
        repr(budget, out, items.next());
      }
      out.append(close);
    } finally {
      budget.leave();
    }
  }

  private static void dict(Budget budget, StringBuilder out, Dict dict) {
    budget.enter();
    try {
      budget.charge(2 + 4L * dict.size());
      out.append('{');
      String separator = "";
      for (Dict.Entry entry : dict.entries()) {
        out.append(separator);
        repr(budget, out, entry.key());
        out.append(": ");
        repr(budget, out, entry.value());
        separator = ", ";
      }
      out.append('}');
    } finally {
      budget.leave();
    }
  }

  private static void range(StringBuilder out, Range range) {
    out.append("range(").append(range.start()).append(", ").append(range.stop());
    if (range.step() != 1) {
      out.append(", ").append(range.step());
    }
    out.append(')');
  }

  /**
   * An integer's digits.
   *
   * @throws Failure beyond Python's 4300 digits
   */
  public static String integer(BigInteger value) {
    if (value.bitLength() > 14_000 && value.abs().compareTo(INT_LIMIT) >= 0) {
      throw new Failure(
          "Exceeds the limit (" + MAX_INT_DIGITS + " digits) for integer string conversion");
    }
    return value.toString();
  }

  /** {@code repr} of a string. */
  private static void quote(StringBuilder out, String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> escape(out, c, quote));
    out.append(quote);
  }

  private static void escape(StringBuilder out, int c, char quote) {
    switch (c) {
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c == quote) {
          out.append('\\').append(quote);
        } else if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append(hex(c));
        }
      }
    }
  }

  /** {@code \xhh}, {@code \}{@code uhhhh} or {@code \Uhhhhhhhh}. */
  static String hex(int c) {
    return c < 0x100
        ? String.format("\\x%02x", c)
        : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
  }

  /** {@code ascii(value)}: repr with everything beyond ASCII escaped. */
  public static String ascii(Budget budget, Value value) {
    StringBuilder out = new StringBuilder();
    repr(budget, value)
        .codePoints()
        .forEach(c -> {
          if (c < 0x80) {
            out.append((char) c);
          } else {
            out.append(hex(c));
          }
        });
    budget.charge(out.length());
    return out.toString();
  }

  /** Python's {@code str.isprintable} of one character. */
  public static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
