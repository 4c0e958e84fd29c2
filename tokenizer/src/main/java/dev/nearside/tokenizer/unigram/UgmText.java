package dev.nearside.tokenizer.unigram;

import dev.nearside.tokenizer.sentencepiece.CharsMap;
import dev.nearside.tokenizer.text.Growth;
import dev.nearside.tokenizer.text.TokenTrie;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's normaliser as GGUF vocabularies need it: characters by the table, spaces by the
 * flags, user-defined tokens left alone.
 *
 * @param map the table, or null
 * @param userDefined tokens that the table doesn't touch
 * @param space what a space is written as
 * @param prefix whether a space goes before the first word
 * @param suffix whether a space goes after the last word
 * @param mergeSpaces whether runs of spaces count as one, and those at the ends as none
 */
public record UgmText(
    @Nullable CharsMap map,
    TokenTrie userDefined,
    String space,
    boolean prefix,
    boolean suffix,
    boolean mergeSpaces) {

  public String normalize(String text) {
    String mapped = map == null ? text : mapped(text, map);
    StringBuilder out = new StringBuilder(mapped.length() + 16);
    boolean prefixed = false;
    boolean inWord = false;
    for (int i = 0; i < mapped.length(); i++) {
      char c = mapped.charAt(i);
      if (c == ' ') {
        inWord = false;
        if (!mergeSpaces) {
          out.append(space);
        }
        continue;
      }
      if (!inWord) {
        inWord = true;
        if ((prefix && !prefixed) || mergeSpaces) {
          out.append(space);
          prefixed = true;
        }
      }
      out.append(c);
    }
    if (suffix) {
      out.append(space);
    }
    return out.toString();
  }

  private String mapped(String text, CharsMap table) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 16);
    int at = 0;
    for (int i = 0; i < text.length(); ) {
      int keep = userDefinedAt(text, i);
      if (keep == 0) {
        CharsMap.Match match = table.longest(bytes, at);
        if (match != null) {
          out.writeBytes(match.replacement());
          Growth.check(out.size(), bytes.length);
          int end = at + match.length();
          while (at < end) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            at += utf8Length(c);
          }
          continue;
        }
        keep = Character.charCount(text.codePointAt(i));
      }
      int length = utf8Length(text, i, i + keep);
      out.write(bytes, at, length);
      at += length;
      i += keep;
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The length of the longest user-defined token at {@code start}, or 0. */
  private int userDefinedAt(String text, int start) {
    int node = TokenTrie.ROOT;
    int length = 0;
    for (int i = start; i < text.length(); i++) {
      node = userDefined.step(node, text.charAt(i));
      if (node == TokenTrie.NONE) {
        break;
      }
      if (userDefined.value(node) != TokenTrie.NONE) {
        length = i + 1 - start;
      }
    }
    return length;
  }

  private static int utf8Length(String text, int start, int end) {
    int length = 0;
    for (int i = start; i < end; ) {
      int c = text.codePointAt(i);
      length += utf8Length(c);
      i += Character.charCount(c);
    }
    return length;
  }

  private static int utf8Length(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
}
