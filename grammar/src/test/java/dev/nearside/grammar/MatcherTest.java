package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
  static final Tokenizer TOKENIZER = Vocabularies.pieces();
  static final TokenVocabulary VOCABULARY = TokenVocabulary.of(TOKENIZER);

  private static Matcher matcher(Grammar grammar) {
    return TokenGrammar.of(grammar, VOCABULARY).newMatcher();
  }

  private static int id(String text) {
    return TOKENIZER.id(text).orElseThrow();
  }

  private static boolean allows(long[] mask, int id) {
    return (mask[id >> 6] >> id & 1) == 1;
  }

  /** The mask by trying every token on its own. */
  static void checkMask(Matcher matcher, int remaining) {
    long[] mask = matcher.mask(remaining);
    for (int id = 0; id < VOCABULARY.size(); id++) {
      Matcher fork = matcher.fork();
      boolean isFine = fork.accept(id) && (VOCABULARY.isEnd(id) || fork.minTokens() < remaining);
      assertEquals(isFine, allows(mask, id), "token " + TOKENIZER.tokenText(id));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"x\"",
        "root ::= [ab]{0,300} \"name\"? [0-9]+",
        "root ::= (\"[\" root? \"]\" | \"{\" \"\\\"\" [^\"]* \"\\\":\" root \"}\" | num)+\n"
            + "num ::= [0-9]+ (\".\" [0-9]{2,4})?",
        "root ::= item{3,900}\nitem ::= \"ab\" | \"c\" item",
      })
  void mask_randomWalks_equalsTryingEveryToken(String gbnf) {
    Grammar grammar = Grammar.ofGbnf(gbnf);
    TokenGrammar tokens = TokenGrammar.of(grammar, VOCABULARY);
    Random random = new Random(4);
    for (int round = 0; round < 6; round++) {
      Matcher matcher = tokens.newMatcher();
      int budget = tokens.minTokens() + random.nextInt(30);
      for (int left = budget; left > 0 && !matcher.mustEnd(); left--) {
        checkMask(matcher, left);
        Walks.step(matcher, left, random);
      }
      assertTrue(matcher.isComplete(), "not complete after " + budget);
    }
  }

  @Test
  void mask_budgetBelowMinimum_throws() {
    Matcher matcher = matcher(Grammar.of(Expr.text("abcabcx")));
    assertEquals(3, matcher.minTokens());
    assertThrows(GrammarException.class, () -> matcher.mask(2));
    assertTrue(allows(matcher.mask(3), id("abc")));
    assertFalse(allows(matcher.mask(3), id("ab")));
    assertTrue(allows(matcher.mask(4), id("ab")));
  }

  @Test
  void accept_wrongToken_changesNothing() {
    Matcher matcher = matcher(Grammar.of(Expr.text("abc")));
    assertFalse(matcher.accept(id("na")));
    assertFalse(matcher.accept(id("<|end|>")));
    assertTrue(matcher.accept(id("abc")));
    assertTrue(matcher.isComplete() && matcher.mustEnd());
    assertTrue(allows(matcher.mask(), id("<|end|>")));
    assertTrue(matcher.accept(id("<|end|>")));
    assertFalse(matcher.accept(id("a")));
  }

  @Test
  void rollback_toLength_restoresTheState() {
    Matcher matcher = matcher(Grammar.of(Expr.repeat(Expr.text("ab"), 2, 3)));
    long[] before = matcher.mask().clone();
    matcher.accept(id("ab"));
    Matcher fork = matcher.fork();
    matcher.accept(id("ab"));
    assertTrue(matcher.isComplete());
    matcher.rollback(0);
    assertArrayEquals(before, matcher.mask());
    assertEquals(1, fork.length());
    assertFalse(fork.isComplete());
    assertTrue(fork.accept(id("a")) && fork.accept(id("b")) && fork.isComplete());
  }

  @Test
  void forced_onlyWay_isFoundUpToTheBranch() {
    Matcher matcher = matcher(Grammar.ofChoices(List.of("{\"name\": 1}", "{\"name\": 2}")));
    assertEquals("{\"name\": ", new String(matcher.forced(100), StandardCharsets.UTF_8));
    assertEquals(3, matcher.forced(3).length);
  }

  @Test
  void controlToken_byReference_isAllowedOnlyThere() {
    Grammar grammar =
        Grammar.of(
            Expr.sequence(
                Expr.textWithout(List.of("stop")), Expr.token("<|tool|>"), Expr.text("abc")));
    Matcher matcher = matcher(grammar);
    assertTrue(allows(matcher.mask(), id("<|tool|>")));
    assertFalse(allows(matcher.mask(), id("<|begin|>")));
    checkMask(matcher, 50);
    assertTrue(matcher.accept(id("<|tool|>")));
    assertFalse(matcher.accept(id("<|tool|>")));
    assertTrue(matcher.accept(id("abc")));
    assertTrue(matcher.isComplete());
  }

  @Test
  void unknownToken_isAnError() {
    assertThrows(GrammarException.class, () -> matcher(Grammar.of(Expr.token("<|none|>"))));
  }

  @Test
  void schemas_inOneGrammar_keepApart() {
    Expr call =
        Expr.choice(
            Expr.sequence(Expr.text("{\"name\": \"f\", \"arguments\": "), Expr.rule("f")),
            Expr.sequence(Expr.text("{\"name\": \"g\", \"arguments\": "), Expr.rule("g")));
    List<String> triggers = List.of("<tool_call>");
    Expr calls = Expr.sequence(Expr.textUntil(triggers), call, Expr.text("}</tool_call>"));
    Grammar grammar =
        Grammar.builder()
            .schema("f", "{\"properties\":{\"x\":{\"type\":\"integer\"}},\"required\":[\"x\"]}")
            .schema("g", "{\"properties\":{\"y\":{\"type\":\"boolean\"}}}")
            .rule(
                "root",
                Expr.sequence(Expr.repeat(calls, 0, Expr.UNLIMITED), Expr.textWithout(triggers)))
            .build("root");
    assertTrue(grammar.matches("no call"));
    assertTrue(
        grammar.matches(
            "So: <tool_call>{\"name\": \"f\", \"arguments\": {\"x\": 3}}</tool_call> and "
                + "<tool_call>{\"name\": \"g\", \"arguments\": {\"y\":true}}</tool_call>"));
    assertFalse(grammar.isPrefix("<tool_call>{\"name\": \"f\", \"arguments\": {\"y\""));
  }

  @Test
  void textUntil_triggers_startTheStructuredPart() {
    Expr call = Expr.sequence(Expr.textUntil(List.of("<tool>", "<t2>")), Expr.text("{}"));
    Grammar grammar =
        Grammar.of(
            Expr.sequence(
                Expr.repeat(call, 0, Expr.UNLIMITED), Expr.textWithout(List.of("<tool>", "<t2>"))));
    assertTrue(grammar.matches("plain 中 text <too l>"));
    assertTrue(grammar.matches("hm <tool>{} and <<t2>{}<tool"));
    assertFalse(grammar.matches("hm <tool>{"));
    assertFalse(grammar.matches("hm <tool> {}"));
    assertFalse(grammar.isPrefix("hm <tool> "));
  }

  @Test
  void keys_ofDifferentChoices_differ() {
    assertNotEquals(
        GrammarCache.keyOf(List.of("a", "b")), GrammarCache.keyOf(List.of("a" + (char) 0 + "b")));
    assertNotEquals(GrammarCache.keyOf(List.of("1:a")), GrammarCache.keyOf(List.of("", ":a")));
  }
}
