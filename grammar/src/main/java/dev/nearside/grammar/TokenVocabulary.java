package dev.nearside.grammar;

import dev.nearside.base.Fault;
import dev.nearside.grammar.automaton.StringMasks;
import dev.nearside.grammar.automaton.TokenTrie;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * A vocabulary as grammars need it: the bytes of its tokens and which of them end a reply. Built
 * once per tokenizer, immutable, shared by all grammars.
 */
public final class TokenVocabulary {
  private final Tokenizer tokenizer;
  private final TokenTrie trie;
  private final StringMasks strings;
  private final byte[][] bytes;
  private final BitSet ends = new BitSet();
  private final BitSet ordinary = new BitSet();

  private TokenVocabulary(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    tokenizer.specials().endOfGeneration().forEach(ends::set);
    bytes = new byte[tokenizer.vocabSize()][];
    for (int id = 0; id < bytes.length; id++) {
      boolean hasText = !tokenizer.kind(id).isHidden() && !ends.get(id);
      bytes[id] = hasText ? tokenizer.tokenBytes(id) : new byte[0];
      if (bytes[id].length > 0) {
        ordinary.set(id);
      }
    }
    trie = new TokenTrie(bytes);
    strings = new StringMasks(trie);
  }

  /**
   * The vocabulary of {@code tokenizer}. Tokens that end a reply, control tokens, unknown and
   * unused ones have no bytes here: no text can contain them.
   */
  public static TokenVocabulary of(Tokenizer tokenizer) {
    return new TokenVocabulary(tokenizer);
  }

  /** How many ids there are. */
  public int size() {
    return bytes.length;
  }

  public boolean isEnd(int id) {
    return ends.get(id);
  }

  /** The bytes of a token; empty for tokens without text of their own. Not to be changed. */
  byte[] bytes(int id) {
    if (id < 0 || id >= bytes.length) {
      throw new GrammarException(
          Fault.of("no such token").got(id).expected("0 to " + (bytes.length - 1)));
    }
    return bytes[id];
  }

  TokenTrie trie() {
    return trie;
  }

  StringMasks strings() {
    return strings;
  }

  BitSet ends() {
    return ends;
  }

  /** The tokens that a reference of a grammar means. */
  BitSet resolve(String reference, boolean isNegated) {
    OptionalInt id = tokenizer.id(reference);
    if (reference.matches("\\[\\d{1,9}]")) {
      int number = Integer.parseInt(reference.substring(1, reference.length() - 1));
      id = number < size() ? OptionalInt.of(number) : OptionalInt.empty();
    }
    if (id.isEmpty() || tokenizer.kind(id.getAsInt()) == TokenKind.UNUSED) {
      throw new GrammarException(
          Fault.of("the vocabulary has no such token").got("<" + reference + ">"));
    }
    BitSet out = new BitSet();
    if (isNegated) {
      out.or(ordinary);
      out.clear(id.getAsInt());
    } else {
      out.set(id.getAsInt());
    }
    return out;
  }
}
