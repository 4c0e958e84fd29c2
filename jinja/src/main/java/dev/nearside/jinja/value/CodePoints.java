package dev.nearside.jinja.value;

/** Strings as Python sees them: sequences of code points. */
public final class CodePoints {
  /** From this length on a needle is searched for in linear time. */
  private static final int LONG_NEEDLE = 16;

  private CodePoints() {}

  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether every code point is one char, so that Java's indices are Python's. */
  public static boolean isFlat(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The code point at {@code index} (0 ≤ index &lt; length) as a string. */
  public static String at(String text, int index) {
    int start = text.offsetByCodePoints(0, index);
    return text.substring(start, text.offsetByCodePoints(start, 1));
  }

  /** Code points {@code from} to before {@code to}; both within bounds. */
  public static String substring(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  /** Python's order: by code point, where Java's is by UTF-16 unit. */
  public static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    for (int i = 0; i < n; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean xHigh = Character.isSurrogate(x);
        boolean yHigh = Character.isSurrogate(y);
        if (xHigh != yHigh) {
          return xHigh ? 1 : -1;
        }
        return Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Python's {@code str.isspace} of one character, which {@code strip} and the lexer use. */
  public static boolean isSpace(int c) {
    return switch (c) {
      case '\t', '\n', 0x0b, '\f', '\r', 0x1c, 0x1d, 0x1e, 0x1f, ' ', 0x85, 0xa0 -> true;
      default -> c > 0xff && Character.isSpaceChar(c);
    };
  }

  /** Whether {@code str.splitlines} breaks a line at this character. */
  public static boolean isLineBreak(char c) {
    return switch (c) {
      case '\n', '\r', 0x0b, '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029 -> true;
      default -> false;
    };
  }

  /** Removes white space at the chosen ends. */
  public static String strip(String text, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && isSpace(text.charAt(from))) {
      from++;
    }
    while (right && to > from && isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /**
   * {@code text.indexOf(needle, from)} in linear time: Java's own is quadratic for long needles,
   * which a hostile template could use.
   */
  public static int indexOf(String text, String needle, int from) {
    if (needle.length() < LONG_NEEDLE) {
      return text.indexOf(needle, from);
    }
    int found =
        search(text.length() - from, i -> text.charAt(from + i), needle.length(), needle::charAt);
    return found < 0 ? -1 : from + found;
  }

  /** The last index at most {@code from} where {@code needle} starts, or -1, in linear time. */
  public static int lastIndexOf(String text, String needle, int from) {
    int m = needle.length();
    if (m < LONG_NEEDLE) {
      return text.lastIndexOf(needle, from);
    }
    int end = Math.min(text.length(), from + m);
    int found = search(end, i -> text.charAt(end - 1 - i), m, i -> needle.charAt(m - 1 - i));
    return found < 0 ? -1 : end - found - m;
  }

  private interface Units {
    char at(int index);
  }

  /** The first place of a needle of {@code m} units among {@code n}: Knuth, Morris and Pratt. */
  private static int search(int n, Units text, int m, Units needle) {
    if (m > n) {
      return -1;
    }
    int[] border = borders(m, needle);
    int matched = 0;
    for (int i = 0; i < n; i++) {
      while (matched > 0 && text.at(i) != needle.at(matched)) {
        matched = border[matched - 1];
      }
      if (text.at(i) == needle.at(matched)) {
        matched++;
      }
      if (matched == m) {
        return i - m + 1;
      }
    }
    return -1;
  }

  /** For each beginning of the needle, the longest one that it also ends with. */
  private static int[] borders(int m, Units needle) {
    int[] border = new int[m];
    int length = 0;
    for (int i = 1; i < m; i++) {
      while (length > 0 && needle.at(i) != needle.at(length)) {
        length = border[length - 1];
      }
      if (needle.at(i) == needle.at(length)) {
        length++;
      }
      border[i] = length;
    }
    return border;
  }
}
