package dev.nearside.grammar.text;

import dev.nearside.grammar.CharSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a backslash stands for.
 *
 * <p>ECMA-262 and Java differ in what {@code \s} and {@code .} match. A text that a model writes
 * should satisfy validators of both kinds, so a set here is the part on which they agree; where it
 * is asked what may not be, it is all that either of them has ("wide").
 *
 * @param set the characters
 * @param end where the escape ends in the source
 */
record RegexEscapes(CharSet set, int end) {
  private static final CharSet LINE_ENDS =
      CharSet.of('\n', '\n', '\r', '\r', 0x85, 0x85, 0x2028, 0x2029);
  private static final CharSet ALL_LINE_ENDS = CharSet.of('\n', '\n');

  private static final CharSet DIGIT = CharSet.of('0', '9');
  private static final CharSet WORD = CharSet.of('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  private static final CharSet SPACE = CharSet.of('\t', '\r', ' ', ' ');
  private static final CharSet ANY_SPACE =
      SPACE.union(
          CharSet.of(
              0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F, 0x205F,
              0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF));

  /** Properties are found by asking about every character, once. */
  private static final Map<String, CharSet> PROPERTIES = new ConcurrentHashMap<>();

  private static final int MAX_PROPERTIES = 64;

  /** What a dot matches. */
  static CharSet dot(boolean isWide) {
    return (isWide ? ALL_LINE_ENDS : LINE_ENDS).complement();
  }

  static RegexEscapes read(String source, int backslash, boolean isInSet, boolean isWide) {
    int at = backslash + 1;
    if (at >= source.length()) {
      throw RegexParser.fault("a backslash at the end", source, backslash);
    }
    char c = source.charAt(at++);
    return switch (c) {
      case 'd' -> new RegexEscapes(DIGIT, at);
      case 'D' -> new RegexEscapes(DIGIT.complement(), at);
      case 'w' -> new RegexEscapes(WORD, at);
      case 'W' -> new RegexEscapes(WORD.complement(), at);
      case 's' -> new RegexEscapes(isWide ? ANY_SPACE : SPACE, at);
      case 'S' -> new RegexEscapes((isWide ? SPACE : ANY_SPACE).complement(), at);
      case 't' -> single('\t', at);
      case 'n' -> single('\n', at);
      case 'r' -> single('\r', at);
      case 'v' -> single(0x0B, at);
      case 'f' -> single('\f', at);
      case 'x' -> single(hex(source, at, 2), at + 2);
      case 'u' -> unicode(source, at);
      case 'p', 'P' -> property(source, at, c == 'P');
      case 'c' -> {
        if (at >= source.length()
            || Character.toUpperCase(source.charAt(at)) < 'A'
            || Character.toUpperCase(source.charAt(at)) > 'Z') {
          throw RegexParser.fault("wrong control escape", source, backslash);
        }
        yield single(source.charAt(at) & 31, at + 1);
      }
      case 'b' -> {
        if (!isInSet) {
          throw RegexParser.fault("word boundaries are not supported", source, backslash);
        }
        yield single('\b', at);
      }
      case '0' -> single(0, at);
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw RegexParser.fault("unsupported escape \\" + c, source, backslash);
        }
        int codePoint = source.codePointAt(at - 1);
        yield single(codePoint, at - 1 + Character.charCount(codePoint));
      }
    };
  }

  private static RegexEscapes single(int c, int end) {
    return new RegexEscapes(CharSet.of(c, c), end);
  }

  private static int hex(String source, int at, int digits) {
    if (at + digits > source.length()) {
      throw RegexParser.fault("wrong hexadecimal escape", source, at);
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(source.charAt(i), 16);
      if (digit < 0) {
        throw RegexParser.fault("wrong hexadecimal escape", source, at);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static RegexEscapes unicode(String source, int at) {
    if (source.startsWith("{", at)) {
      int end = source.indexOf('}', at);
      if (end < at + 2 || end > at + 7) {
        throw RegexParser.fault("wrong Unicode escape", source, at);
      }
      int c = hex(source, at + 1, end - at - 1);
      if (c > Character.MAX_CODE_POINT) {
        throw RegexParser.fault("wrong Unicode escape", source, at);
      }
      return single(c, end + 1);
    }
    int unit = hex(source, at, 4);
    boolean isPair = Character.isHighSurrogate((char) unit) && source.startsWith("\\u", at + 4);
    if (isPair) {
      int low = hex(source, at + 6, 4);
      if (Character.isLowSurrogate((char) low)) {
        return single(Character.toCodePoint((char) unit, (char) low), at + 10);
      }
    }
    return single(unit, at + 4);
  }

  private static RegexEscapes property(String source, int at, boolean isNegated) {
    int end = source.indexOf('}', at);
    if (!source.startsWith("{", at) || end < 0 || end - at > 60) {
      throw RegexParser.fault("wrong property escape", source, at);
    }
    String name = source.substring(at + 1, end);
    CharSet set = PROPERTIES.get(name);
    if (set == null) {
      set = scan(name, source, at);
      if (PROPERTIES.size() < MAX_PROPERTIES) {
        PROPERTIES.put(name, set);
      }
    }
    return new RegexEscapes(isNegated ? set.complement() : set, end + 1);
  }

  private static CharSet scan(String name, String source, int at) {
    Pattern pattern;
    try {
      pattern = Pattern.compile("\\p{" + javaName(name) + "}");
    } catch (PatternSyntaxException e) {
      throw RegexParser.fault("unknown property " + name, source, at);
    }
    IntList out = new IntList();
    int from = -1;
    for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
      boolean isIn =
          c <= Character.MAX_CODE_POINT && pattern.matcher(Character.toString(c)).matches();
      if (isIn && from < 0) {
        from = c;
      } else if (!isIn && from >= 0) {
        out.add(from);
        out.add(c - 1);
        from = -1;
      }
    }
    return CharSet.of(out.toArray());
  }

  /** ECMA's long names of categories and scripts as Java spells them. */
  private static String javaName(String name) {
    int equals = name.indexOf('=');
    if (equals < 0) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "letter" -> "L";
        case "lowercase_letter" -> "Ll";
        case "uppercase_letter" -> "Lu";
        case "number" -> "N";
        case "decimal_number" -> "Nd";
        case "punctuation" -> "P";
        case "symbol" -> "S";
        case "separator" -> "Z";
        case "mark" -> "M";
        case "other" -> "C";
        case "alphabetic", "lowercase", "uppercase", "white_space", "ideographic", "emoji" ->
            "Is" + name;
        default -> name;
      };
    }
    String key = name.substring(0, equals);
    String value = name.substring(equals + 1);
    return switch (key) {
      case "Script", "sc", "Script_Extensions", "scx" -> "IsScript=" + value;
      default -> javaName(value);
    };
  }
}
