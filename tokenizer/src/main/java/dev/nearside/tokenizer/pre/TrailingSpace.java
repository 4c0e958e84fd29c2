package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.text.Unicode;

/**
 * White space before the end of a line or of the text: {@code \s+$} in Ruby's syntax, which takes
 * quadratic time as a regular expression.
 */
final class TrailingSpace extends MatchSplitter {

  TrailingSpace() {
    super(SplitBehavior.ISOLATED, false);
  }

  @Override
  protected void find(String text, Matches matches) {
    int i = 0;
    while (i < text.length()) {
      if (!Unicode.isWhitespace(text.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      int lineEnd = -1;
      while (i < text.length() && Unicode.isWhitespace(text.charAt(i))) {
        if (text.charAt(i) == '\n' && i > start) {
          lineEnd = i;
        }
        i++;
      }
      int end = i == text.length() ? i : lineEnd;
      if (end > start) {
        matches.match(start, end);
      }
    }
  }
}
