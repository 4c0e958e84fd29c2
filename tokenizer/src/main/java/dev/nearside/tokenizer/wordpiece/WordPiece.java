package dev.nearside.tokenizer.wordpiece;

import dev.nearside.tokenizer.core.WordEncoder;
import dev.nearside.tokenizer.text.IntList;
import dev.nearside.tokenizer.text.TokenTrie;
import java.util.Map;

/**
 * WordPiece (Devlin et al., BERT): from the left, always the longest token that fits; a word that
 * can't be covered is unknown as a whole.
 */
public final class WordPiece implements WordEncoder {
  private final TokenTrie beginnings;
  private final TokenTrie continuations;
  private final int unknown;
  private final int longestWord;

  private WordPiece(TokenTrie beginnings, TokenTrie continuations, int unknown, int longestWord) {
    this.beginnings = beginnings;
    this.continuations = continuations;
    this.unknown = unknown;
    this.longestWord = longestWord;
  }

  /**
   * A vocabulary with marked continuations, as Hugging Face has them.
   *
   * @param mark what continuations begin with, {@code ##}
   * @param unknown the unknown token's id
   * @param longestWord words with more characters are unknown
   */
  public static WordPiece markedContinuations(
      Map<String, Integer> tokens, String mark, int unknown, int longestWord) {
    TokenTrie beginnings = new TokenTrie(tokens.size());
    TokenTrie continuations = new TokenTrie(tokens.size());
    tokens.forEach((text, id) -> {
      beginnings.add(text, id);
      if (text.startsWith(mark)) {
        continuations.add(text.substring(mark.length()), id);
      }
    });
    return new WordPiece(beginnings, continuations, unknown, longestWord);
  }

  /**
   * A vocabulary with marked beginnings, as GGUF has them: the caller puts the mark before every
   * word, which then is text like any other.
   */
  public static WordPiece markedBeginnings(Map<String, Integer> tokens, int unknown) {
    TokenTrie all = new TokenTrie(tokens.size());
    tokens.forEach(all::add);
    return new WordPiece(all, all, unknown, Integer.MAX_VALUE);
  }

  @Override
  public void encode(String word, IntList out) {
    if (word.codePointCount(0, word.length()) > longestWord) {
      unknown(out);
      return;
    }
    int before = out.size();
    int at = 0;
    while (at < word.length()) {
      TokenTrie trie = at == 0 ? beginnings : continuations;
      int node = TokenTrie.ROOT;
      int found = TokenTrie.NONE;
      int end = at;
      for (int i = at; i < word.length(); i++) {
        node = trie.step(node, word.charAt(i));
        if (node == TokenTrie.NONE) {
          break;
        }
        if (trie.value(node) != TokenTrie.NONE) {
          found = trie.value(node);
          end = i + 1;
        }
      }
      if (found == TokenTrie.NONE) {
        out.truncate(before);
        unknown(out);
        return;
      }
      out.add(found);
      at = end;
    }
  }

  private void unknown(IntList out) {
    if (unknown >= 0) {
      out.add(unknown);
    }
  }
}
