package dev.nearside.tokenizer.core;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.TokenizerException;
import dev.nearside.tokenizer.text.TokenTrie;
import dev.nearside.tokenizer.text.Unicode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Finds added tokens in a text: the leftmost first, of those that begin there the longest. What is
 * between them goes on to the model.
 */
public final class SpecialSplitter {

  /** Takes the parts of the text in order. */
  public interface Sink {
    void token(int id);

    /** A part without added tokens, never empty, from {@code start} to {@code end}. */
    void text(String text, int start, int end);
  }

  private final Matcher all;
  private final Matcher plain;

  public SpecialSplitter(List<AddedToken> tokens) {
    for (AddedToken token : tokens) {
      if (token.text().length() > TokenTrie.MAX_LENGTH) {
        throw new TokenizerException(
            Fault.of("special token too long")
                .got(token.text().length() + " characters")
                .expected("at most " + TokenTrie.MAX_LENGTH)
                .where("token " + token.id()));
      }
    }
    all = new Matcher(tokens);
    plain = new Matcher(tokens.stream().filter(token -> !token.special()).toList());
  }

  /** Splits {@code text}; without {@code parseSpecial} special tokens are only text. */
  public void split(String text, boolean parseSpecial, Sink sink) {
    (parseSpecial ? all : plain).split(text, sink);
  }

  /** One set of tokens. */
  private static final class Matcher {
    private final List<AddedToken> tokens = new ArrayList<>();
    private final TokenTrie trie;
    private final BitSet firstChars = new BitSet();

    Matcher(List<AddedToken> from) {
      trie = new TokenTrie(from.size() * 8);
      for (AddedToken token : from) {
        if (trie.add(token.text(), tokens.size())) {
          tokens.add(token);
          firstChars.set(token.text().charAt(0));
        }
      }
    }

    void split(String text, Sink sink) {
      int from = 0;
      int at = tokens.isEmpty() ? text.length() : 0;
      while (at < text.length()) {
        int found = firstChars.get(text.charAt(at)) ? longestAt(text, at) : TokenTrie.NONE;
        if (found == TokenTrie.NONE) {
          at++;
          continue;
        }
        AddedToken token = tokens.get(found);
        int end = at + token.text().length();
        if (token.singleWord() && !standsAlone(text, at, end)) {
          at = end;
          continue;
        }
        int start = token.stripLeft() ? Math.max(from, spaceBefore(text, at)) : at;
        if (start > from) {
          sink.text(text, from, start);
        }
        sink.token(token.id());
        from = token.stripRight() ? spaceAfter(text, end) : end;
        at = from;
      }
      if (from < text.length()) {
        sink.text(text, from, text.length());
      }
    }

    private int longestAt(String text, int at) {
      int found = TokenTrie.NONE;
      int node = TokenTrie.ROOT;
      for (int i = at; i < text.length(); i++) {
        node = trie.step(node, text.charAt(i));
        if (node == TokenTrie.NONE) {
          break;
        }
        if (trie.value(node) != TokenTrie.NONE) {
          found = trie.value(node);
        }
      }
      return found;
    }

    private static boolean standsAlone(String text, int start, int end) {
      return (start == 0 || !Unicode.isWord(text.codePointBefore(start)))
          && (end == text.length() || !Unicode.isWord(text.codePointAt(end)));
    }

    private static int spaceBefore(String text, int end) {
      int i = end;
      while (i > 0 && Unicode.isWhitespace(text.charAt(i - 1))) {
        i--;
      }
      return i;
    }

    private static int spaceAfter(String text, int start) {
      int i = start;
      while (i < text.length() && Unicode.isWhitespace(text.charAt(i))) {
        i++;
      }
      return i;
    }
  }
}
