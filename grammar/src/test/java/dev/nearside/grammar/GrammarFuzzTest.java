package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Any text is a grammar, a regular expression or a schema, or a {@link GrammarException}; and what
 * a grammar's masks allow can be finished. As a plain test it runs its inputs.
 */
class GrammarFuzzTest {
  private static final TokenVocabulary VOCABULARY = TokenVocabulary.of(Vocabularies.pieces());
  private static final int MAX_STEPS = 40;

  @FuzzTest(maxDuration = "60s")
  void compile_anyText_isAGrammarOrAGrammarException(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    String text = new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
    try {
      Grammar grammar =
          switch (Math.floorMod(bytes[0], 3)) {
            case 0 -> Grammar.ofGbnf(text);
            case 1 -> Grammar.ofRegex(text);
            default -> Grammar.ofJsonSchema(text);
          };
      TokenGrammar tokens = TokenGrammar.of(grammar, VOCABULARY);
      Matcher matcher = tokens.newMatcher();
      int least = matcher.minTokens();
      if (least == Matcher.UNREACHABLE || least > 10_000) {
        return;
      }
      Random random = new Random(bytes.length);
      for (int i = 0; i < MAX_STEPS && !matcher.mustEnd(); i++) {
        Walks.step(matcher, Math.max(least, MAX_STEPS) - i, random);
      }
      assertTrue(least > MAX_STEPS || matcher.isComplete());
    } catch (GrammarException e) {
      assertTrue(!String.valueOf(e.getMessage()).isEmpty());
    }
  }
}
