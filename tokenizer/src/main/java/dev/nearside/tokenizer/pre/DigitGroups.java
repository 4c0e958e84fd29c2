package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.text.Unicode;

/**
 * Cuts runs of digits into threes counted from the right: {@code 1234567} is {@code 1|234|567}. As
 * a regular expression this is {@code \d{1,3}(?=(?:\d{3})*\b)} or {@code (?=(\d{3})+(?!\d))}, which
 * take quadratic time.
 */
public final class DigitGroups extends MatchSplitter {

  public DigitGroups() {
    super(SplitBehavior.ISOLATED, false);
  }

  @Override
  protected void find(String text, Matches matches) {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (!Unicode.isNumber(c)) {
        i += Character.charCount(c);
        continue;
      }
      int end = i;
      int digits = 0;
      while (end < text.length() && Unicode.isNumber(text.codePointAt(end))) {
        end += Character.charCount(text.codePointAt(end));
        digits++;
      }
      while (i < end) {
        int group = digits % 3 == 0 ? 3 : digits % 3;
        int next = text.offsetByCodePoints(i, group);
        matches.match(i, next);
        digits -= group;
        i = next;
      }
    }
  }
}
