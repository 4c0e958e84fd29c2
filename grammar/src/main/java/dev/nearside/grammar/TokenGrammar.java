package dev.nearside.grammar;

import dev.nearside.grammar.automaton.Automaton;
import dev.nearside.grammar.automaton.Masks;
import java.util.BitSet;

/**
 * A grammar over a vocabulary: the source of token masks. Immutable from the outside, thread-safe;
 * share one among all requests with this grammar, its cached masks serve all of them.
 */
public final class TokenGrammar {
  private final TokenVocabulary vocabulary;
  private final Masks masks;
  private final int minTokens;

  private TokenGrammar(TokenVocabulary vocabulary, Masks masks) {
    this.vocabulary = vocabulary;
    this.masks = masks;
    minTokens = newMatcher().minTokens();
  }

  /**
   * Joins a grammar with a vocabulary.
   *
   * @throws GrammarException where the grammar names a token that the vocabulary lacks
   */
  public static TokenGrammar of(Grammar grammar, TokenVocabulary vocabulary) {
    Automaton automaton = grammar.automaton();
    BitSet[] symbols =
        automaton.symbols().stream()
            .map(symbol -> vocabulary.resolve(symbol.reference(), symbol.isNegated()))
            .toArray(BitSet[]::new);
    Masks masks =
        new Masks(automaton, vocabulary.trie(), vocabulary.strings(), vocabulary.ends(), symbols);
    return new TokenGrammar(vocabulary, masks);
  }

  /** A matcher at the beginning of a text. */
  public Matcher newMatcher() {
    return new Matcher(vocabulary, masks);
  }

  /**
   * With at least so many tokens every text of the grammar's can be finished in time. The token
   * that ends a reply is not counted.
   */
  public int minTokens() {
    return minTokens;
  }

  /** About how much memory it takes now, its vocabulary not counted. */
  long bytes() {
    return masks.bytes();
  }

  public TokenVocabulary vocabulary() {
    return vocabulary;
  }
}
