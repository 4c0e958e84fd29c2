package dev.nearside.jinja.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floats as text, digit for digit as CPython prints them. */
public final class RealText {
  /** No double has more digits after the point; further ones are zeros. */
  private static final int MAX_DIGITS = 1100;

  private RealText() {}

  /** {@code repr(value)}: the fewest digits that read back as the same float. */
  public static String repr(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return special(value);
    }
    if (value == 0.0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    // Double.toString gives the shortest digits since JDK 19; only the layout differs.
    BigDecimal shortest = oneDigit(value, new BigDecimal(Double.toString(value)));
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      return scientific(shortest, exponent, 'e');
    }
    String plain = shortest.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  /** Without trailing zeros; Java gives two digits even where one would read back the same. */
  private static BigDecimal oneDigit(double value, BigDecimal digits) {
    BigDecimal one = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
    boolean isEnough = digits.precision() == 2 && one.doubleValue() == value;
    return (isEnough ? one : digits).stripTrailingZeros();
  }

  private static String special(double value) {
    return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }

  private static String scientific(BigDecimal number, int exponent, char letter) {
    String digits = number.unscaledValue().abs().toString();
    StringBuilder out = new StringBuilder();
    if (number.signum() < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    return exponent(out, exponent, letter).toString();
  }

  private static StringBuilder exponent(StringBuilder out, int exponent, char letter) {
    int size = Math.abs(exponent);
    return out.append(letter)
        .append(exponent < 0 ? '-' : '+')
        .append(size < 10 ? "0" : "")
        .append(size);
  }

  /**
   * The conversions {@code f}, {@code e} and {@code g} of a value without its sign.
   *
   * @param type one of f, e, g, or r: as g, but room for a zero after the point counts as a digit
   * @param precision digits after the point (f, e) or in all (g)
   * @param isAlternate {@code #}: keep the point and, for g, trailing zeros
   */
  public static String format(
      Budget budget, double value, char type, int precision, boolean isAlternate) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return special(Math.abs(value));
    }
    budget.charge(precision + 330L);
    BigDecimal exact = new BigDecimal(Math.abs(value));
    return switch (type) {
      case 'f' -> point(fixed(exact, precision), isAlternate);
      case 'e' -> exponential(exact, precision, isAlternate);
      case 'r' -> general(exact, Math.max(precision, 1), 1, isAlternate);
      default -> general(exact, Math.max(precision, 1), 0, isAlternate);
    };
  }

  private static String point(String digits, boolean isAlternate) {
    return isAlternate && digits.indexOf('.') < 0 ? digits + "." : digits;
  }

  private static String fixed(BigDecimal exact, int precision) {
    int kept = Math.min(precision, MAX_DIGITS);
    String digits = exact.setScale(kept, RoundingMode.HALF_EVEN).toPlainString();
    return precision > kept ? digits + "0".repeat(precision - kept) : digits;
  }

  private static String exponential(BigDecimal exact, int precision, boolean isAlternate) {
    int kept = Math.min(precision, MAX_DIGITS);
    BigDecimal rounded = exact.round(new MathContext(kept + 1, RoundingMode.HALF_EVEN));
    int exponent = exact.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String digits = exact.signum() == 0 ? "" : rounded.unscaledValue().toString();
    StringBuilder all = new StringBuilder(digits);
    while (all.length() < precision + 1) {
      all.append('0');
    }
    StringBuilder out = new StringBuilder().append(all.charAt(0));
    if (precision > 0 || isAlternate) {
      out.append('.');
    }
    out.append(all, 1, precision + 1);
    return exponent(out, exponent, 'e').toString();
  }

  private static String general(
      BigDecimal exact, int precision, int reserved, boolean isAlternate) {
    int kept = Math.min(precision, MAX_DIGITS);
    BigDecimal rounded = exact.round(new MathContext(kept, RoundingMode.HALF_EVEN));
    int exponent = exact.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent < -4 || exponent >= precision - reserved) {
      String text = exponential(exact, precision - 1, isAlternate);
      int letter = text.indexOf('e');
      String digits = text.substring(0, letter);
      return (isAlternate ? digits : trimZeros(digits)) + text.substring(letter);
    }
    String text = fixed(exact, precision - 1 - exponent);
    return isAlternate ? point(text, true) : trimZeros(text);
  }

  private static String trimZeros(String digits) {
    if (digits.indexOf('.') < 0) {
      return digits;
    }
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
