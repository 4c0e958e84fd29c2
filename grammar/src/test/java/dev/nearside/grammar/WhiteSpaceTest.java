package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.testkit.RandomSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Small models fall into white space when they don't know how to go on: it has to end. */
class WhiteSpaceTest {
  /** Two line ends of two characters and an indentation of 40, twice where nothing is between. */
  private static final int MOST = 2 * 44;

  private static final String BLANKS = " \t\n\r";
  private static final TokenVocabulary VOCABULARY = TokenVocabulary.of(Vocabularies.pieces());

  @Test
  void json_afterAnyBeginning_whiteSpaceEnds() {
    List<Grammar> grammars = new ArrayList<>(List.of(Grammar.anyJson(), Grammar.anyJsonObject()));
    for (int seed = 0; grammars.size() < 60; seed++) {
      try {
        grammars.add(Grammar.ofJsonSchema(RandomSchemas.schema(new Random(seed))));
      } catch (GrammarException e) {
        // Refused or unsatisfiable: other tests count these.
        assertTrue(e.getMessage() != null);
      }
    }
    Random random = new Random(5);
    int places = 0;
    int blank = 0;
    for (Grammar grammar : grammars) {
      TokenGrammar tokens = TokenGrammar.of(grammar, VOCABULARY);
      String text = Walks.text(tokens, VOCABULARY, tokens.minTokens() + 60, random);
      for (int end = 0; end <= text.length(); end++) {
        if (!isInString(text.substring(0, end)) && grammar.isPrefix(text.substring(0, end))) {
          places++;
          int length = longest(grammar, text.substring(0, end), random);
          blank += length > 0 ? 1 : 0;
          assertTrue(length <= MOST, length + " after " + text.substring(0, end));
        }
      }
    }
    assertTrue(places > 500 && blank > 200, places + " places, " + blank + " with white space");
  }

  // More and more white space of any kind, as long as it is allowed.
  private static int longest(Grammar grammar, String before, Random random) {
    StringBuilder text = new StringBuilder(before);
    for (int n = 0; n <= 2 * MOST; n++) {
      int first = random.nextInt(BLANKS.length());
      boolean isLonger = false;
      for (int i = 0; i < BLANKS.length() && !isLonger; i++) {
        char c = BLANKS.charAt((first + i) % BLANKS.length());
        isLonger = grammar.isPrefix(text.toString() + c);
        if (isLonger) {
          text.append(c);
        }
      }
      if (!isLonger) {
        return n;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static boolean isInString(String text) {
    boolean isInside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        isInside = !isInside;
      }
    }
    return isInside;
  }
}
