package dev.nearside.jinja.value;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Python's {@code int(text, base)} and {@code float(text)}. */
public final class Parsing {
  private static final int MAX_DIGITS = 4300;

  private Parsing() {}

  /** The integer that a text spells, or null. Base 0 reads the base from the prefix. */
  public static @Nullable BigInteger integer(String source, int base) {
    if (base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    String text = asciiDigits(CodePoints.strip(source, true, true));
    boolean isNegative = text.startsWith("-");
    if (isNegative || text.startsWith("+")) {
      text = text.substring(1);
    }
    int prefixed = prefixBase(text);
    int radix = base;
    if (prefixed != 0 && (base == 0 || base == prefixed)) {
      radix = prefixed;
      text = text.substring(2);
      text = text.startsWith("_") ? text.substring(1) : text;
    } else if (base == 0) {
      radix = 10;
      boolean isZero = text.chars().allMatch(c -> c == '0' || c == '_');
      if (text.startsWith("0") && !isZero) {
        return null;
      }
    }
    String digits = withoutUnderscores(text, radix);
    if (digits == null || (digits.length() > MAX_DIGITS && Integer.bitCount(radix) != 1)) {
      return null;
    }
    if (digits.length() > Arithmetic.MAX_BITS) {
      return null;
    }
    BigInteger value = new BigInteger(digits, radix);
    return isNegative ? value.negate() : value;
  }

  private static int prefixBase(String text) {
    String prefix = text.length() > 2 ? text.substring(0, 2).toLowerCase(Locale.ROOT) : "";
    return switch (prefix) {
      case "0b" -> 2;
      case "0o" -> 8;
      case "0x" -> 16;
      default -> 0;
    };
  }

  /** Digits of the base with single underscores between them taken out, or null if malformed. */
  private static @Nullable String withoutUnderscores(String text, int radix) {
    StringBuilder digits = new StringBuilder();
    boolean mayJoin = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '_' && mayJoin && i + 1 < text.length()) {
        mayJoin = false;
      } else if (c < 0x80 && Character.digit(c, radix) >= 0) {
        digits.append(c);
        mayJoin = true;
      } else {
        return null;
      }
    }
    return digits.isEmpty() ? null : digits.toString();
  }

  /** Decimal digits of any script as ASCII ones. */
  private static String asciiDigits(String text) {
    if (text.chars().allMatch(c -> c < 0x80)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          boolean isDigit = Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
          out.appendCodePoint(isDigit ? '0' + Character.digit(c, 10) : c);
        });
    return out.toString();
  }

  /** The float that a text spells, or null. */
  public static @Nullable Double real(String source) {
    String text = asciiDigits(CodePoints.strip(source, true, true)).toLowerCase(Locale.ROOT);
    String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    double sign = text.startsWith("-") ? -1 : 1;
    return switch (unsigned) {
      case "inf", "infinity" -> (Double) (sign * Double.POSITIVE_INFINITY);
      case "nan" -> (Double) Double.NaN;
      default -> {
        String plain = decimal(unsigned);
        yield plain == null ? null : (Double) (sign * Double.parseDouble(plain));
      }
    };
  }

  /** A decimal number without its underscores, or null if it is not one. */
  private static @Nullable String decimal(String text) {
    StringBuilder out = new StringBuilder();
    boolean hasDigits = false;
    boolean hasPoint = false;
    boolean hasExponent = false;
    char before = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        hasDigits = true;
      } else if (c == '_') {
        boolean isBetween = isDigit(before) && i + 1 < text.length() && isDigit(text.charAt(i + 1));
        if (!isBetween) {
          return null;
        }
      } else if (c == '.' && !hasPoint && !hasExponent) {
        hasPoint = true;
      } else if (c == 'e' && hasDigits && !hasExponent) {
        hasExponent = true;
        hasDigits = false;
      } else if (!((c == '+' || c == '-') && before == 'e')) {
        return null;
      }
      if (c != '_') {
        out.append(c);
      }
      before = c;
    }
    return hasDigits ? out.toString() : null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
