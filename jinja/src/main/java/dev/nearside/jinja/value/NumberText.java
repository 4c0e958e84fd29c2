package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/**
 * The parts of a formatted number, and their laying out: shared by {@code %} and {@code format}.
 */
record NumberText(String sign, String prefix, String digits, String rest) {
  /** How a number fills its field. */
  record Layout(int width, char align, String fill, String group, int groupSize) {}

  /** An integer in base 2, 8, 10 or 16; {@code signs} is {@code -}, {@code +} or a space. */
  static NumberText integer(
      BigInteger value, int base, boolean isUpper, boolean isPrefixed, char signs) {
    String digits = base == 10 ? Text.integer(value.abs()) : value.abs().toString(base);
    String prefix = !isPrefixed ? "" : base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
    return new NumberText(
        sign(value.signum() < 0, signs),
        isUpper ? prefix.toUpperCase(Locale.ROOT) : prefix,
        isUpper ? digits.toUpperCase(Locale.ROOT) : digits,
        "");
  }

  /** A float already formatted without its sign: splits off what must not be grouped. */
  static NumberText real(String formatted, boolean isNegative, char signs) {
    int end = 0;
    while (end < formatted.length() && Character.isDigit(formatted.charAt(end))) {
      end++;
    }
    return new NumberText(
        sign(isNegative, signs), "", formatted.substring(0, end), formatted.substring(end));
  }

  private static String sign(boolean isNegative, char signs) {
    return isNegative ? "-" : signs == '-' ? "" : String.valueOf(signs);
  }

  /** At least {@code count} digits. */
  NumberText padDigits(Budget budget, int count) {
    if (digits.length() >= count) {
      return this;
    }
    String zeros = Arithmetic.repeat(budget, "0", count - digits.length());
    return new NumberText(sign, prefix, zeros + digits, rest);
  }

  String layOut(Budget budget, Layout layout) {
    boolean isZeroFilled = layout.align() == '=' && layout.fill().equals("0");
    int fixed = sign.length() + prefix.length() + rest.length();
    String grouped = digits;
    if (!layout.group().isEmpty() && !digits.isEmpty()) {
      int least = isZeroFilled ? layout.width() - fixed : 0;
      grouped = group(budget, layout, least);
    }
    int missing = layout.width() - fixed - grouped.length();
    String text = sign + prefix + grouped + rest;
    if (missing <= 0) {
      return text;
    }
    if (layout.align() == '=') {
      return sign + prefix + Arithmetic.repeat(budget, layout.fill(), missing) + grouped + rest;
    }
    return pad(budget, text, missing, layout.align(), layout.fill());
  }

  /** Digits in groups; zeros in front until they take {@code least} characters. */
  private String group(Budget budget, Layout layout, int least) {
    int size = layout.groupSize();
    int wanted = digits.length();
    if (least > 0) {
      // n digits take n + (n - 1) / size characters; a group mark never comes first.
      int fitting = (int) (((long) least * size + size) / (size + 1));
      boolean isShort = fitting + (fitting - 1) / size < least;
      wanted = Math.max(wanted, isShort ? fitting + 1 : fitting);
    }
    budget.charge(2L * wanted);
    String padded = "0".repeat(wanted - digits.length()) + digits;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < padded.length(); i++) {
      if (i > 0 && (padded.length() - i) % size == 0) {
        out.append(layout.group());
      }
      out.append(padded.charAt(i));
    }
    return out.toString();
  }

  /** Text with {@code missing} fill characters around it. */
  static String pad(Budget budget, String text, int missing, char align, String fill) {
    if (missing <= 0) {
      return text;
    }
    int left =
        switch (align) {
          case '<' -> 0;
          case '^' -> missing / 2;
          default -> missing;
        };
    budget.charge(text.length());
    return Arithmetic.repeat(budget, fill, left)
        + text
        + Arithmetic.repeat(budget, fill, missing - left);
  }

  /** The whole part of a float, as {@code int(value)} gives it. */
  static BigInteger truncate(double value) {
    if (Double.isNaN(value)) {
      throw new Failure("cannot convert float NaN to integer");
    }
    if (Double.isInfinite(value)) {
      throw new Failure("cannot convert float infinity to integer");
    }
    return new BigDecimal(value).toBigInteger();
  }
}
