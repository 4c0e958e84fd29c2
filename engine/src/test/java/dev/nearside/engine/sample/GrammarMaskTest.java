package dev.nearside.engine.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.chat.ChatException;
import dev.nearside.chat.Sampling;
import dev.nearside.engine.TinyTokenizer;
import dev.nearside.grammar.Grammar;
import dev.nearside.grammar.TokenGrammar;
import dev.nearside.grammar.TokenVocabulary;
import dev.nearside.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrammarMaskTest {
  private static final Tokenizer TOKENIZER = TinyTokenizer.create();
  private static final TokenVocabulary VOCABULARY = TokenVocabulary.of(TOKENIZER);
  private static final int[] PROMPT = {'H', 'i'};

  private static final TokenGrammar SCHEMA =
      TokenGrammar.of(
          Grammar.ofJsonSchema(
              """
              {"type": "object", "required": ["n", "tags"], "properties": {
                "n": {"type": "integer", "minimum": 10, "maximum": 99},
                "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}}}}
              """),
          VOCABULARY);

  /** A list of ids as a sequence sees it. */
  private record History(List<Integer> ids) implements TokenHistory {
    static History start() {
      List<Integer> ids = new ArrayList<>();
      for (int id : PROMPT) {
        ids.add(id);
      }
      return new History(ids);
    }

    @Override
    public int length() {
      return ids.size();
    }

    @Override
    public int at(int position) {
      return ids.get(position);
    }

    String text() {
      int[] reply = ids.stream().skip(PROMPT.length).mapToInt(Integer::intValue).toArray();
      return TOKENIZER.decode(reply);
    }
  }

  private static float[] logits(Random random) {
    float[] logits = new float[TOKENIZER.vocabSize()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() * 4;
    }
    return logits;
  }

  private static int generate(SamplerChain chain, History history, int max, Random random) {
    for (int i = 0; i < max; i++) {
      int id = chain.sample(logits(random), history);
      if (TOKENIZER.specials().isEndOfGeneration(id)) {
        return i;
      }
      history.ids().add(id);
    }
    return max;
  }

  @Test
  void sample_anyBudgetAndSettings_givesAValidText() {
    Random random = new Random(1);
    List<Sampling> settings =
        List.of(
            Sampling.builder().seed(3L).build(),
            Sampling.GREEDY,
            Sampling.builder().seed(5L).topK(3).topP(0.5f).minP(0.2f).build());
    for (int round = 0; round < 120; round++) {
      int max = SCHEMA.minTokens() + random.nextInt(40);
      GrammarMask mask = GrammarMask.of(SCHEMA, PROMPT.length, max);
      Sampling sampling = settings.get(round % settings.size());
      SamplerChain chain = SamplerChain.of(sampling, TOKENIZER, mask);
      History history = History.start();
      generate(chain, history, max, random);
      assertTrue(mask.isComplete(history), history.text());
      assertTrue(
          history.text().matches("(?s)\\{.*\"n\".*[1-9]\\d.*\"tags\".*]\\s*}"), history.text());
    }
  }

  @Test
  void apply_afterTokensWereTakenBack_followsTheNewWay() {
    GrammarMask mask =
        GrammarMask.of(
            TokenGrammar.of(Grammar.ofChoices(List.of("abc", "axyz")), VOCABULARY),
            PROMPT.length,
            10);
    SamplerChain chain = SamplerChain.of(Sampling.GREEDY, null, mask);
    History history = History.start();
    float[] logits = new float[TOKENIZER.vocabSize()];
    history.ids().addAll(List.of((int) 'a', (int) 'b'));
    assertEquals('c', chain.sample(logits.clone(), history));
    history.ids().removeLast();
    history.ids().addAll(List.of((int) 'x', (int) 'y'));
    assertEquals('z', chain.sample(logits.clone(), history));
    history.ids().removeLast();
    assertEquals('y', chain.sample(logits.clone(), history));
    assertFalse(mask.isComplete(history));
  }

  @Test
  void isHurried_budgetEndsTheText_saysSo() {
    TokenGrammar letters =
        TokenGrammar.of(Grammar.ofGbnf("root ::= \"[\" [ab]* \"]\""), VOCABULARY);
    float[] longing = new float[TOKENIZER.vocabSize()];
    longing['a'] = 5;
    GrammarMask mask = GrammarMask.of(letters, PROMPT.length, 6);
    SamplerChain chain = SamplerChain.of(Sampling.GREEDY, null, mask);
    History history = History.start();
    for (int i = 0; i < 6; i++) {
      assertFalse(mask.isHurried(), history.text());
      history.ids().add(chain.sample(longing.clone(), history));
    }
    assertEquals("[aaaa]", history.text());
    assertTrue(mask.isHurried());
    history.ids().subList(PROMPT.length + 2, history.length()).clear();
    chain.sample(longing.clone(), history);
    assertFalse(mask.isHurried(), "taken back");
    float[] content = longing.clone();
    content[']'] = 9;
    assertEquals(']', chain.sample(content, history));
    assertFalse(mask.isHurried());
  }

  @Test
  void sample_biasAgainstTheGrammar_staysWithinIt() {
    GrammarMask mask =
        GrammarMask.of(
            TokenGrammar.of(Grammar.ofChoices(List.of("yes", "no")), VOCABULARY), PROMPT.length, 5);
    Sampling biased = Sampling.builder().seed(1L).logitBias(Map.of((int) 'q', 100f)).build();
    SamplerChain chain = SamplerChain.of(biased, TOKENIZER, mask);
    History history = History.start();
    generate(chain, history, 5, new Random(2));
    assertTrue(history.text().equals("yes") || history.text().equals("no"), history.text());
    assertTrue(mask.mustEnd(history));
  }

  @Test
  void of_budgetBelowTheShortestText_throws() {
    ChatException e =
        assertThrows(
            ChatException.class,
            () -> GrammarMask.of(SCHEMA, PROMPT.length, SCHEMA.minTokens() - 1));
    assertTrue(String.valueOf(e.getMessage()).contains("at least " + SCHEMA.minTokens()));
  }
}
