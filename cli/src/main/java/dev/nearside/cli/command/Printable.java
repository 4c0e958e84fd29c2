package dev.nearside.cli.command;

/** Text from files, made safe for a terminal. */
final class Printable {
  private Printable() {}

  /** The text on one line: control characters, and what could steer a terminal, are escaped. */
  static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  /** The start of the text on one line of at most {@code max} characters. */
  static String shortened(String text, int max) {
    String line = of(text.length() > 4 * max ? text.substring(0, 4 * max) : text);
    return line.length() <= max && text.length() <= 4 * max
        ? line
        : line.substring(0, Math.min(line.length(), max - 1)) + "…";
  }

  /** As {@link #of}, but line ends and tabs stay. */
  static String lines(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c == '\n' || c == '\t') {
            out.appendCodePoint(c);
          } else {
            append(out, c);
          }
        });
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '\n' -> out.append("\\n");
      case '\t' -> out.append("\\t");
      case '\r' -> out.append("\\r");
      default -> {
        if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
          out.append(String.format("\\u%04x", c));
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }
}
