package dev.nearside.jinja.syntax;

/** The escapes of a string literal, as Python's unicode-escape codec reads them. */
final class StringLiterals {
  private StringLiterals() {}

  static String unescape(String body, Pos pos) {
    if (body.indexOf('\\') < 0) {
      return body;
    }
    StringBuilder out = new StringBuilder(body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      if (c == '\\') {
        i = escape(body, i + 1, out, pos);
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** Reads the escape whose letter stands at {@code at}; the offset after it. */
  private static int escape(String body, int at, StringBuilder out, Pos pos) {
    char c = body.charAt(at);
    return switch (c) {
      case '\n' -> at + 1;
      case '\\', '\'', '"' -> put(out, c, at + 1);
      case 'a' -> put(out, 7, at + 1);
      case 'b' -> put(out, '\b', at + 1);
      case 'f' -> put(out, '\f', at + 1);
      case 'n' -> put(out, '\n', at + 1);
      case 'r' -> put(out, '\r', at + 1);
      case 't' -> put(out, '\t', at + 1);
      case 'v' -> put(out, 0x0b, at + 1);
      case 'x' -> hex(body, at + 1, 2, out, pos);
      case 'u' -> hex(body, at + 1, 4, out, pos);
      case 'U' -> hex(body, at + 1, 8, out, pos);
      case 'N' -> named(body, at + 1, out, pos);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(body, at, out);
      default -> {
        out.append('\\');
        yield put(out, c, at + 1);
      }
    };
  }

  private static int put(StringBuilder out, int c, int next) {
    out.appendCodePoint(c);
    return next;
  }

  private static int hex(String body, int from, int digits, StringBuilder out, Pos pos) {
    long code = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = i < body.length() ? Character.digit(body.charAt(i), 16) : -1;
      if (digit < 0) {
        throw pos.error("truncated escape in string: expected " + digits + " hex digits");
      }
      code = code * 16 + digit;
    }
    if (code > Character.MAX_CODE_POINT) {
      throw pos.error("illegal Unicode character in string");
    }
    return put(out, (int) code, from + digits);
  }

  private static int octal(String body, int from, StringBuilder out) {
    int code = 0;
    int i = from;
    while (i < body.length() && i < from + 3 && body.charAt(i) >= '0' && body.charAt(i) <= '7') {
      code = code * 8 + (body.charAt(i++) - '0');
    }
    return put(out, code, i);
  }

  private static int named(String body, int from, StringBuilder out, Pos pos) {
    int close = body.startsWith("{", from) ? body.indexOf('}', from) : -1;
    if (close < 0) {
      throw pos.error("malformed \\N character escape in string");
    }
    try {
      return put(out, Character.codePointOf(body.substring(from + 1, close)), close + 1);
    } catch (IllegalArgumentException e) {
      throw pos.error("unknown Unicode character name in string");
    }
  }
}
