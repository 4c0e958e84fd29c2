package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.grammar.Expr;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.Matcher;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.grammar.TokenVocabulary;
import dev.nearside.tokenizer.TokenKind;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Masks over published vocabularies, compared with trying every token on its own. */
class RealVocabularyMaskTest {
  private static final String PERSON =
      """
      {"type": "object", "required": ["name", "age", "role", "tags"], "properties": {
        "name": {"type": "string", "maxLength": 12},
        "age": {"type": "integer", "minimum": 10, "maximum": 130},
        "role": {"enum": ["admin", "größe", 1.5, null]},
        "score": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 4},
        "code": {"type": "string", "pattern": "^[A-F]{2}-\\\\d+$"}}}
      """;

  @Test
  @Tag("model")
  void mask_smolLm2_equalsTryingEveryToken() {
    check(RealVocabularies.smolLm2());
  }

  @Test
  void mask_gpt2_equalsTryingEveryToken() {
    check(RealVocabularies.shared("gpt-2"));
  }

  @Test
  void mask_llamaSentencePieces_equalsTryingEveryToken() {
    check(RealVocabularies.shared("llama-spm"));
  }

  @Test
  void mask_phi3_equalsTryingEveryToken() {
    check(RealVocabularies.shared("phi-3"));
  }

  // Markers as control tokens, as gpt-oss and Hermes have them, behind a vocabulary of 50,000.
  private static void check(TokenizerSpec spec) {
    List<String> controls = List.of("<|channel|>", "<|message|>", "<tool_call>", "</tool_call>");
    Tokenizer tokenizer = RealVocabularies.with(spec, controls, RealVocabularies.CONTROL);
    TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer);
    Grammar.Builder calls = Grammar.builder().schema("person", PERSON);
    calls.rule(
        "root",
        Expr.sequence(
            Expr.textWithout(List.of("stop")),
            Expr.token("<tool_call>"),
            Expr.rule("person"),
            Expr.token("</tool_call>")));
    Random random = new Random(17);
    for (int round = 0; round < 3; round++) {
      walk(Grammar.ofJsonSchema(PERSON), vocabulary, tokenizer, random);
      walk(calls.build("root"), vocabulary, tokenizer, random);
    }
    byControls(calls.build("root"), vocabulary, tokenizer);
  }

  private static void walk(
      Grammar grammar, TokenVocabulary vocabulary, Tokenizer tokenizer, Random random) {
    TokenGrammar tokens = TokenGrammar.of(grammar, vocabulary);
    Matcher matcher = tokens.newMatcher();
    int budget = tokens.minTokens() + random.nextInt(12);
    for (int left = budget; left > 0 && !matcher.mustEnd(); left--) {
      long[] mask = matcher.mask(left);
      if (left > budget - 8 || left < 4) {
        compare(matcher, mask, left, tokenizer);
      }
      int id = any(mask, random);
      assertTrue(matcher.accept(id), "its own token");
      if (vocabulary.isEnd(id)) {
        return;
      }
    }
    assertTrue(matcher.isComplete(), "complete within " + budget);
  }

  /** Every token: whether its bytes, or itself as a symbol, are allowed, and leave time to end. */
  private static void compare(Matcher matcher, long[] mask, int left, Tokenizer tokenizer) {
    int length = matcher.length();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      boolean isFine = matcher.accept(id);
      if (isFine) {
        isFine = tokenizer.specials().isEndOfGeneration(id) || matcher.minTokens() < left;
        matcher.rollback(length);
      }
      boolean isAllowed = (mask[id >> 6] >>> id & 1) == 1;
      if (isFine != isAllowed) {
        assertEquals(isFine, isAllowed, "token " + id + " '" + tokenizer.tokenText(id) + "'");
      }
    }
  }

  // A control token is allowed where it is named, and no other one, and never as text.
  private static void byControls(Grammar grammar, TokenVocabulary vocabulary, Tokenizer tokenizer) {
    Matcher matcher = TokenGrammar.of(grammar, vocabulary).newMatcher();
    int open = tokenizer.id("<tool_call>").orElseThrow();
    long[] mask = matcher.mask();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (tokenizer.kind(id) == TokenKind.CONTROL) {
        assertEquals(id == open, (mask[id >> 6] >>> id & 1) == 1, tokenizer.tokenText(id));
      }
    }
    assertTrue(matcher.accept(open));
    mask = matcher.mask();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      boolean isAllowed = (mask[id >> 6] >>> id & 1) == 1;
      String text = tokenizer.decode(new int[] {id}).strip();
      assertTrue(!isAllowed || text.startsWith("{"), "after the token: '" + text + "'");
    }
  }

  private static int any(long[] mask, Random random) {
    int count = 0;
    for (long word : mask) {
      count += Long.bitCount(word);
    }
    int chosen = random.nextInt(count);
    for (int word = 0; ; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        if (chosen-- == 0) {
          return word * 64 + Long.numberOfTrailingZeros(bits);
        }
      }
    }
  }
}
