package dev.nearside.tokenizer.text;

/**
 * Properties of characters, as the Unicode Character Database and the model's libraries have it.
 */
public final class Unicode {
  private static final int PUNCTUATION =
      1 << Character.CONNECTOR_PUNCTUATION
          | 1 << Character.DASH_PUNCTUATION
          | 1 << Character.START_PUNCTUATION
          | 1 << Character.END_PUNCTUATION
          | 1 << Character.INITIAL_QUOTE_PUNCTUATION
          | 1 << Character.FINAL_QUOTE_PUNCTUATION
          | 1 << Character.OTHER_PUNCTUATION;
  private static final int SYMBOL =
      1 << Character.MATH_SYMBOL
          | 1 << Character.CURRENCY_SYMBOL
          | 1 << Character.MODIFIER_SYMBOL
          | 1 << Character.OTHER_SYMBOL;
  private static final int NUMBER =
      1 << Character.DECIMAL_DIGIT_NUMBER
          | 1 << Character.LETTER_NUMBER
          | 1 << Character.OTHER_NUMBER;
  private static final int MARK =
      1 << Character.NON_SPACING_MARK
          | 1 << Character.ENCLOSING_MARK
          | 1 << Character.COMBINING_SPACING_MARK;
  private static final int OTHER =
      1 << Character.CONTROL
          | 1 << Character.FORMAT
          | 1 << Character.SURROGATE
          | 1 << Character.PRIVATE_USE;

  private Unicode() {}

  /** The White_Space property; not {@link Character#isWhitespace}, which differs. */
  public static boolean isWhitespace(int c) {
    if (c < 0x85) {
      return c == ' ' || (c >= 9 && c <= 13);
    }
    return c == 0x85 || Character.isSpaceChar(c);
  }

  public static boolean isPunctuation(int c) {
    return is(PUNCTUATION, c);
  }

  public static boolean isSymbol(int c) {
    return is(SYMBOL, c);
  }

  public static boolean isNumber(int c) {
    return is(NUMBER, c);
  }

  public static boolean isMark(int c) {
    return is(MARK, c);
  }

  /** Categories Cc, Cf, Cs and Co; unassigned characters are not counted, as in the references. */
  public static boolean isOther(int c) {
    return is(OTHER, c);
  }

  /** The ASCII characters that BERT takes for punctuation, symbols included. */
  public static boolean isAsciiPunctuation(int c) {
    return (c >= '!' && c <= '/')
        || (c >= ':' && c <= '@')
        || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
  }

  /** A character of words, as {@code \w} in Oniguruma and Rust. */
  public static boolean isWord(int c) {
    return Character.isAlphabetic(c)
        || isMark(c)
        || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
        || c == 0x200C
        || c == 0x200D;
  }

  /** The text with every unpaired surrogate replaced by U+FFFD; nearly always the same object. */
  public static String wellFormed(String text) {
    int i = firstUnpaired(text);
    if (i < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, i);
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
    }
    return out.toString();
  }

  private static int firstUnpaired(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static boolean is(int categories, int c) {
    return (categories >> Character.getType(c) & 1) != 0;
  }
}
