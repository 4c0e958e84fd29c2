package dev.nearside.tokenizer.pre;

import dev.nearside.tokenizer.text.Unicode;
import java.util.List;

/**
 * Cuts runs of spaces into powers of two, 512 down to 4, and the rest into twos, as Jais 2 does
 * with {@code \s{512}(?!\S)|…|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}} at the end of Llama 3's expression.
 * That expression looks at the whole run again for every piece; here it comes after Llama 3's, on
 * pieces that are nothing but space.
 */
final class SpaceRuns implements Splitter {
  private static final int LARGEST = 512;
  private static final int SMALLEST = 4;

  @Override
  public void split(String text, List<String> out) {
    if (!isSpaceWithoutLineBreak(text)) {
      out.add(text);
      return;
    }
    int at = 0;
    for (int length = LARGEST; length >= SMALLEST; length /= 2) {
      for (; text.length() - at >= length; at += length) {
        out.add(text.substring(at, at + length));
      }
    }
    for (; at < text.length(); at += 2) {
      out.add(text.substring(at, Math.min(at + 2, text.length())));
    }
  }

  private static boolean isSpaceWithoutLineBreak(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || !Unicode.isWhitespace(c)) {
        return false;
      }
    }
    return true;
  }
}
