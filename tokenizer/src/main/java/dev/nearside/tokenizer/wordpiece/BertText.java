package dev.nearside.tokenizer.wordpiece;

import dev.nearside.tokenizer.text.Unicode;
import java.text.Normalizer;
import java.util.List;

/** BERT's way with text: drop control characters, strip accents, cut at punctuation and Chinese. */
public final class BertText {
  private BertText() {}

  /** CJK ideographs; the ranges of BERT's reference code, one of them as Hugging Face has it. */
  public static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B920 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  /** What BERT calls a control character: category C but for tab and line breaks. */
  public static boolean isControl(int c) {
    return c != '\t' && c != '\n' && c != '\r' && Unicode.isOther(c);
  }

  /** Unicode punctuation, and all of ASCII's symbols. */
  public static boolean isPunctuation(int c) {
    return Unicode.isAsciiPunctuation(c) || Unicode.isPunctuation(c);
  }

  /**
   * The words of {@code text} as llama.cpp cuts them for a BERT vocabulary: normalised, without
   * white space, punctuation and ideographs alone.
   */
  public static void words(String text, boolean lowercase, boolean stripAccents, List<String> out) {
    String normal = stripAccents ? Normalizer.normalize(text, Normalizer.Form.NFD) : text;
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < normal.length(); ) {
      int c = normal.codePointAt(i);
      i += Character.charCount(c);
      if (Unicode.isWhitespace(c)) {
        flush(word, out);
      } else if (!isDropped(c, stripAccents)) {
        int kept = lowercase ? Character.toLowerCase(c) : c;
        if (isPunctuation(c) || isChinese(c)) {
          flush(word, out);
          out.add(Character.toString(kept));
        } else {
          word.appendCodePoint(kept);
        }
      }
    }
    flush(word, out);
  }

  private static boolean isDropped(int c, boolean stripAccents) {
    return c == 0xFFFD || Unicode.isOther(c) || (stripAccents && Unicode.isMark(c));
  }

  private static void flush(StringBuilder word, List<String> out) {
    if (!word.isEmpty()) {
      out.add(word.toString());
      word.setLength(0);
    }
  }
}
