package dev.nearside.jinja.value;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code format(value, spec)}. Reference: "Format Specification Mini-Language" in the
 * Python library reference.
 *
 * @param fill the fill character, null if not given
 * @param align one of {@code <>=^}, 0 if not given
 * @param sign one of {@code + -} and space, 0 if not given
 * @param group {@code ,} or {@code _} or empty
 * @param precision -1 if not given
 * @param type the conversion, 0 if not given
 */
public record FormatSpec(
    @Nullable String fill,
    char align,
    char sign,
    boolean isPositiveZero,
    boolean isAlternate,
    boolean isZeroPadded,
    int width,
    String group,
    int precision,
    char type) {

  private static final String ALIGNS = "<>=^";

  /**
   * Formats a value.
   *
   * @throws Failure if the specification is malformed or does not suit the value
   */
  public static String format(Budget budget, Value value, String spec) {
    if (spec.isEmpty()) {
      return Text.str(budget, value);
    }
    FormatSpec parsed =
        switch (value) {
          case Str text -> parse(spec);
          case Int number -> parse(spec);
          case Bool bool -> parse(spec);
          case Real number -> parse(spec);
          default ->
              throw new Failure(
                  "unsupported format string passed to " + value.typeName() + ".__format__");
        };
    BigInteger whole = Values.integer(value);
    if (value instanceof Str text) {
      return parsed.text(budget, text.text());
    }
    return whole != null && "eEfFgG%".indexOf(parsed.type()) < 0
        ? parsed.integer(budget, whole)
        : parsed.real(budget, Arithmetic.toDouble(value));
  }

  private static FormatSpec parse(String spec) {
    int[] points = spec.codePoints().toArray();
    int at = 0;
    String fill = null;
    char align = 0;
    if (points.length >= 2 && isAlign(points[1])) {
      fill = Character.toString(points[0]);
      align = (char) points[1];
      at = 2;
    } else if (isAlign(points[0])) {
      align = (char) points[0];
      at = 1;
    }
    char sign = 0;
    if (at < points.length && (points[at] == '+' || points[at] == '-' || points[at] == ' ')) {
      sign = (char) points[at++];
    }
    boolean isPositiveZero = at < points.length && points[at] == 'z';
    at += isPositiveZero ? 1 : 0;
    boolean isAlternate = at < points.length && points[at] == '#';
    at += isAlternate ? 1 : 0;
    boolean isZeroPadded = fill == null && at < points.length && points[at] == '0';
    at += isZeroPadded ? 1 : 0;
    int widthEnd = digitsEnd(points, at);
    int width = number(points, at, widthEnd, 0);
    at = widthEnd;
    String group = "";
    if (at < points.length && (points[at] == ',' || points[at] == '_')) {
      group = Character.toString(points[at++]);
    }
    int precision = -1;
    if (at < points.length && points[at] == '.') {
      int end = digitsEnd(points, at + 1);
      if (end == at + 1) {
        throw new Failure("Format specifier missing precision");
      }
      precision = number(points, at + 1, end, -1);
      at = end;
    }
    if (points.length - at > 1) {
      throw new Failure("Invalid format specifier");
    }
    char type = at < points.length ? (char) points[at] : 0;
    return new FormatSpec(
        fill,
        align,
        sign,
        isPositiveZero,
        isAlternate,
        isZeroPadded,
        width,
        group,
        precision,
        type);
  }

  private static boolean isAlign(int c) {
    return ALIGNS.indexOf(c) >= 0;
  }

  private static int digitsEnd(int[] points, int from) {
    int end = from;
    while (end < points.length && points[end] >= '0' && points[end] <= '9') {
      end++;
    }
    return end;
  }

  private static int number(int[] points, int from, int to, int absent) {
    if (from == to) {
      return absent;
    }
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (points[i] - '0');
      if (number > Integer.MAX_VALUE) {
        throw new Failure("Too many decimal digits in format string");
      }
    }
    return (int) number;
  }

  private Failure unknownType(String typeName) {
    return new Failure("Unknown format code '" + type + "' for object of type '" + typeName + "'");
  }

  private String text(Budget budget, String text) {
    if (type != 0 && type != 's') {
      throw unknownType("str");
    }
    if (sign != 0 || isAlternate || isPositiveZero || align == '=' || !group.isEmpty()) {
      throw new Failure("Invalid format specifier for a string");
    }
    String cut = text;
    if (precision >= 0 && CodePoints.length(text) > precision) {
      cut = CodePoints.substring(text, 0, precision);
    }
    int missing = width - CodePoints.length(cut);
    return NumberText.pad(budget, cut, missing, align == 0 ? '<' : align, fillOr(" "));
  }

  private char signs() {
    return sign == 0 ? '-' : sign;
  }

  private String fillOr(String fallback) {
    return fill != null ? fill : isZeroPadded ? "0" : fallback;
  }

  private NumberText.Layout layout(int groupSize) {
    char aligned = align != 0 ? align : isZeroPadded ? '=' : '>';
    return new NumberText.Layout(width, aligned, fillOr(" "), group, groupSize);
  }

  private String integer(Budget budget, BigInteger value) {
    if (precision >= 0) {
      throw new Failure("Precision not allowed in integer format specifier");
    }
    if (isPositiveZero) {
      throw new Failure("Negative zero coercion (z) not allowed in format specifier with integer");
    }
    int base =
        switch (type) {
          case 0, 'd', 'n' -> 10;
          case 'b' -> 2;
          case 'o' -> 8;
          case 'x', 'X' -> 16;
          case 'c' -> 0;
          default -> throw unknownType("int");
        };
    if (base == 0) {
      return character(budget, value);
    }
    if ((base != 10 && group.equals(",")) || (type == 'n' && !group.isEmpty())) {
      throw new Failure("Cannot specify '" + group + "' with '" + type + "'.");
    }
    budget.charge(value.bitLength());
    return NumberText.integer(value, base, type == 'X', isAlternate, signs())
        .layOut(budget, layout(base == 10 ? 3 : 4));
  }

  private String character(Budget budget, BigInteger value) {
    if (sign != 0 || isAlternate || !group.isEmpty()) {
      throw new Failure("Sign, '#' or grouping not allowed with integer format specifier 'c'");
    }
    if (value.signum() < 0
        || value.bitLength() > 21
        || !Character.isValidCodePoint(value.intValue())) {
      throw new Failure("the character code is not in range(0x110000)");
    }
    String text = Character.toString(value.intValue());
    return NumberText.pad(budget, text, width - 1, align == 0 ? '<' : align, fillOr(" "));
  }

  private String real(Budget budget, double value) {
    char kind = type == 0 || type == 'n' ? 'g' : type == '%' ? 'f' : Character.toLowerCase(type);
    if ("efg".indexOf(kind) < 0) {
      throw unknownType("float");
    }
    if (type == 'n' && !group.isEmpty()) {
      throw new Failure("Cannot specify '" + group + "' with 'n'.");
    }
    double scaled = type == '%' ? value * 100 : value;
    String digits =
        type == 0
            ? plain(budget, scaled)
            : RealText.format(budget, scaled, kind, precision < 0 ? 6 : precision, isAlternate);
    boolean isNegative = value < 0 || (value == 0.0 && 1 / value < 0);
    if (isPositiveZero && digits.chars().noneMatch(c -> (c >= '1' && c <= '9') || c == 'i')) {
      isNegative = false;
    }
    digits = type == '%' ? digits + "%" : digits;
    digits = Character.isUpperCase(type) ? digits.toUpperCase(Locale.ROOT) : digits;
    return NumberText.real(digits, isNegative, signs()).layOut(budget, layout(3));
  }

  /** Without a type: as {@code repr}, or as g with at least one digit after the point. */
  private String plain(Budget budget, double value) {
    if (precision < 0) {
      return RealText.repr(Math.abs(value));
    }
    String digits = RealText.format(budget, value, 'r', precision, isAlternate);
    boolean isWhole = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return isWhole ? digits + ".0" : digits;
  }
}
