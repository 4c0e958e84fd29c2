package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.text.Unicode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EXAONE-MoE's expression, whose words may hold single spaces: {@code
 * [^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+}. Java's regular expressions need a stack
 * frame per character for such a loop, so words are matched by hand.
 */
final class ExaoneMoe extends MatchSplitter {
  private static final Pattern CONTRACTION = Patterns.compile(Patterns.CONTRACTIONS);
  private static final Pattern REST =
      Patterns.compile("\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+");

  ExaoneMoe() {
    super(SplitBehavior.ISOLATED, false);
  }

  @Override
  protected void find(String text, Matches matches) {
    Matcher contraction = CONTRACTION.matcher(text);
    Matcher rest = REST.matcher(text);
    int at = 0;
    while (at < text.length()) {
      int end = at;
      if (contraction.region(at, text.length()).lookingAt()) {
        end = contraction.end();
      } else {
        end = Math.max(at, wordEnd(text, at));
        if (end == at && rest.region(at, text.length()).lookingAt()) {
          end = rest.end();
        }
      }
      if (end > at) {
        matches.match(at, end);
        at = end;
      } else {
        at += Character.charCount(text.codePointAt(at));
      }
    }
  }

  /** The end of the word that begins at {@code start}, or -1. */
  private static int wordEnd(String text, int start) {
    int c = text.codePointAt(start);
    int i = start;
    if (!Character.isLetter(c)) {
      if (c == '\r' || c == '\n' || Unicode.isNumber(c)) {
        return -1;
      }
      i += Character.charCount(c);
    }
    if (i >= text.length() || !Character.isLetter(text.codePointAt(i))) {
      return -1;
    }
    while (i < text.length()) {
      c = text.codePointAt(i);
      if (Character.isLetter(c) || Unicode.isMark(c)) {
        i += Character.charCount(c);
      } else if (c == ' ' && i + 1 < text.length() && Character.isLetter(text.codePointAt(i + 1))) {
        i++;
      } else {
        break;
      }
    }
    return i;
  }
}
