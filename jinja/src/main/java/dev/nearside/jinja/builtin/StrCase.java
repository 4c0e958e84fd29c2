package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Text;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Case and character classes of Python strings. */
final class StrCase {
  private StrCase() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String fold(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(c -> out.append(upper(Character.toString(c)).toLowerCase(Locale.ROOT)));
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.codePointAt(0)) + lower(text.substring(first));
  }

  private static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    // Only some letters without a title form of their own grow, as the sharp s does.
    String upper = upper(Character.toString(c));
    if (title == c && upper.codePointCount(0, upper.length()) > 1) {
      int first = upper.offsetByCodePoints(0, 1);
      return upper.substring(0, first) + lower(upper.substring(first));
    }
    return Character.toString(title);
  }

  static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean isInWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean isCased = isCased(c);
      out.append(isInWord ? lower(Character.toString(c)) : titleCase(c));
      isInWord = isCased;
    }
    return out.toString();
  }

  static String swap(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> out.append(Character.isUpperCase(c.codePointAt(0)) ? lower(c) : upper(c)));
    return out.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static boolean all(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  static boolean isAlphabetic(String text) {
    return all(text, Character::isLetter);
  }

  static boolean isAlphanumeric(String text) {
    return all(text, StrCase::isAlphanumeric);
  }

  static boolean isAlphanumeric(int c) {
    return Character.isLetter(c) || isNumeric(c);
  }

  private static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  static boolean isNumeric(String text) {
    return all(text, StrCase::isNumeric);
  }

  static boolean isDecimal(String text) {
    return all(text, Character::isDigit);
  }

  /** Decimal digits and superscripts, subscripts and circled ones. */
  static boolean isDigit(String text) {
    return all(text, StrCase::isDigit);
  }

  private static boolean isDigit(int c) {
    return Character.isDigit(c)
        || c == 0xb2
        || c == 0xb3
        || c == 0xb9
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468);
  }

  static boolean isIdentifier(String text) {
    return all(
            text, c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c))
        && (text.startsWith("_") || Character.isUnicodeIdentifierStart(text.codePointAt(0)));
  }

  static boolean isPrintable(String text) {
    return text.codePoints().allMatch(Text::isPrintable);
  }

  static boolean isSpace(String text) {
    return all(text, CodePoints::isSpace);
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isTitle(String text) {
    boolean isInWord = false;
    boolean hasCased = false;
    for (int c : text.codePoints().toArray()) {
      boolean isCapital = Character.isUpperCase(c) || Character.isTitleCase(c);
      if ((isCapital && isInWord) || (Character.isLowerCase(c) && !isInWord)) {
        return false;
      }
      isInWord = isCased(c);
      hasCased |= isInWord;
    }
    return hasCased;
  }
}
