package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.CodePoints;
import dev.nearside.jinja.value.Text;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Case and character classes of Python strings. */
final class StrCase {
  private static final String DOTTED_I = "\u0130";
  private static final char DOTLESS_I = 0x131;

  private StrCase() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  static String fold(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.append(fold(c)));
    return out.toString();
  }

  /** Folding is upper case and back, but for the dotless i, which has no partner of its own. */
  private static String fold(int c) {
    return c == DOTLESS_I ? Character.toString(c) : lower(upper(Character.toString(c)));
  }

  /**
   * Each code point in lower case, as it stands in the text: a sigma that ends its word has a form
   * of its own.
   */
  private static String[] lowered(String text) {
    // Only the dotted capital I grows: with another in its place the code points stay aligned.
    int[] aligned = lower(text.replace(DOTTED_I, "I")).codePoints().toArray();
    int[] original = text.codePoints().toArray();
    String[] lowered = new String[original.length];
    for (int i = 0; i < original.length; i++) {
      boolean isDotted = original[i] == DOTTED_I.charAt(0);
      lowered[i] = isDotted ? lower(DOTTED_I) : Character.toString(aligned[i]);
    }
    return lowered;
  }

  static String capitalize(String text) {
    String[] lowered = lowered(text);
    if (lowered.length > 0) {
      lowered[0] = titleCase(text.codePointAt(0));
    }
    return String.join("", lowered);
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
    String[] pieces = lowered(text);
    int[] points = text.codePoints().toArray();
    boolean isInWord = false;
    for (int i = 0; i < points.length; i++) {
      pieces[i] = isInWord ? pieces[i] : titleCase(points[i]);
      isInWord = isCased(points[i]);
    }
    return String.join("", pieces);
  }

  static String swap(String text) {
    String[] pieces = lowered(text);
    int[] points = text.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      boolean isUpper = Character.isUpperCase(points[i]);
      pieces[i] = isUpper ? pieces[i] : upper(Character.toString(points[i]));
    }
    return String.join("", pieces);
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
