package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.testkit.RandomSchemas;
import dev.nearside.testkit.SchemaJudge;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random schemas and random walks through their masks, judged by another validator. */
class SchemaPropertyTest {
  private static final int SCHEMAS = Integer.getInteger("nearside.schemas", 400);

  private static final TokenVocabulary VOCABULARY = TokenVocabulary.of(Vocabularies.pieces());

  @Test
  void randomWalks_anySchemaAndBudget_areValid() {
    List<String> wrong = new ArrayList<>();
    int refused = 0;
    int unsatisfiable = 0;
    int texts = 0;
    for (int seed = 0; seed < SCHEMAS; seed++) {
      Random random = new Random(seed);
      String schema = RandomSchemas.schema(random);
      TokenGrammar grammar;
      try {
        grammar = TokenGrammar.of(Grammar.ofJsonSchema(schema), VOCABULARY);
      } catch (SchemaException e) {
        refused++;
        continue;
      } catch (GrammarException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("no text"), seed + ": " + e + schema);
        unsatisfiable++;
        continue;
      }
      for (int round = 0; round < 8; round++) {
        int budget = grammar.minTokens() + (round < 3 ? round : random.nextInt(200));
        String text;
        try {
          text = Walks.text(grammar, VOCABULARY, budget, random);
        } catch (AssertionError | RuntimeException e) {
          wrong.add(seed + " " + schema + "\n  budget " + budget + " " + e);
          continue;
        }
        texts++;
        List<String> faults = SchemaJudge.faults(schema, text);
        if (!faults.isEmpty()) {
          round = 8;
          wrong.add(seed + " " + schema + "\n  " + text + "\n  " + faults);
        }
      }
    }
    assertEquals(List.of(), wrong.subList(0, Math.min(5, wrong.size())), wrong.size() + " wrong");
    // Most schemas are taken, or this test shows little.
    assertTrue(texts > SCHEMAS * 4, refused + " refused, " + unsatisfiable + " unsatisfiable");
  }
}
