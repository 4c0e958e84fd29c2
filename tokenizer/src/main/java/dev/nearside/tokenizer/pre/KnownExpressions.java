package dev.nearside.tokenizer.pre;

import org.jspecify.annotations.Nullable;

/**
 * Expressions of published {@code tokenizer.json} files that java.util.regex can't run safely, with
 * the hand-written matcher that does the same.
 */
public final class KnownExpressions {
  private KnownExpressions() {}

  /** The matcher for an expression, or null if java.util.regex may have it. */
  public static @Nullable Splitter of(String expression, SplitBehavior behavior, boolean invert) {
    if (behavior != SplitBehavior.ISOLATED || invert) {
      return null;
    }
    return switch (expression) {
      case "\\d{1,3}(?=(?:\\d{3})*\\b)", "(?=(\\d{3})+(?!\\d))" -> new DigitGroups();
      case "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*(?: \\p{L}\\p{M}*)*)+"
              + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+" ->
          new ExaoneMoe();
      case "\\s+$" -> new TrailingSpace();
      default -> null;
    };
  }
}
