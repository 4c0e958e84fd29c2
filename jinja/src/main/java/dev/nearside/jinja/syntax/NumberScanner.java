package dev.nearside.jinja.syntax;

/** Finds where number literals end. Reference: jinja2 3.1.6, lexer.py, integer_re and float_re. */
record NumberScanner(String source) {
  /** The end of the float at {@code from}, or -1 if there is none. */
  int realEnd(int from) {
    int whole = digitsEnd(from, 10);
    if (whole < 0) {
      return -1;
    }
    int fraction = is(whole, '.') ? digitsEnd(whole + 1, 10) : -1;
    int mantissa = Math.max(whole, fraction);
    if (is(mantissa, 'e') || is(mantissa, 'E')) {
      boolean isSigned = is(mantissa + 1, '+') || is(mantissa + 1, '-');
      int exponent = digitsEnd(mantissa + (isSigned ? 2 : 1), 10);
      if (exponent >= 0) {
        return exponent;
      }
    }
    return fraction;
  }

  /** The end of the integer at {@code from}, where a digit stands. */
  int integerEnd(int from) {
    if (is(from, '0') && from + 1 < source.length()) {
      int base =
          switch (source.charAt(from + 1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            case 'x', 'X' -> 16;
            default -> 0;
          };
      int start = is(from + 2, '_') ? from + 3 : from + 2;
      int end = base == 0 ? -1 : digitsEnd(start, base);
      if (end >= 0) {
        return end;
      }
    }
    return is(from, '0') ? zerosEnd(from) : digitsEnd(from, 10);
  }

  private int zerosEnd(int from) {
    int end = from + 1;
    while (is(end, '0') || (is(end, '_') && is(end + 1, '0'))) {
      end++;
    }
    return end;
  }

  /** The end of digits with single underscores between them, or -1 if there is none. */
  private int digitsEnd(int from, int base) {
    int end = from;
    while (isDigit(end, base) || (end > from && is(end, '_') && isDigit(end + 1, base))) {
      end++;
    }
    return end == from ? -1 : end;
  }

  private boolean isDigit(int at, int base) {
    return at < source.length()
        && source.charAt(at) < 0x80
        && Character.digit(source.charAt(at), base) >= 0;
  }

  private boolean is(int at, char c) {
    return at < source.length() && source.charAt(at) == c;
  }
}
