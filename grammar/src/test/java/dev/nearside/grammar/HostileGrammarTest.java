package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammars that are made to hurt: each is an error or works, in time. */
class HostileGrammarTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= root \"a\" | \"b\"",
        "root ::= x root\nx ::= \"a\"?",
        "root ::= a\na ::= b\nb ::= a",
        "root ::= \"a\" root",
        "root ::= missing",
        "root ::= \"a",
        "root ::= [a",
        "root ::= (\"a\"",
        "root ::= \"a\"{3,2}",
        "root ::= \"a\"{99999999999}",
        "x ::= \"a\"",
        "root ::= \"\\q\"",
        ""
      })
  void gbnf_broken_isAnError(String source) {
    assertTimeoutPreemptively(
        LIMIT, () -> assertThrows(GrammarException.class, () -> Grammar.ofGbnf(source)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a|b)*a(a|b){40}",
        "(((a{1000}){1000}){1000}){1000}",
        "a(",
        "[b-a]",
        "\\1",
        "(?<=a)b",
        "x{1000000}",
        "((a*)*)*{2",
        "(?=a)"
      })
  void regex_hostile_isAnErrorOrWorksInTime(String pattern) {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try {
            Grammar.ofRegex(pattern).matches("aaaa");
          } catch (GrammarException e) {
            assertFalse(String.valueOf(e.getMessage()).isEmpty());
          }
        });
  }

  @Test
  void gbnf_hugeRepetition_countsInsteadOfCopying() {
    Grammar grammar = Grammar.ofGbnf("root ::= item{2,1000000}\nitem ::= \"ab\" | \"c\"");
    assertTrue(grammar.stateCount() < 100, "states " + grammar.stateCount());
    assertTrue(grammar.matches("abc") && grammar.matches("cccccccccab"));
    assertFalse(grammar.matches("ab"));
  }

  @Test
  void jsonSchema_deepNesting_isAnErrorNotAnOverflow() {
    String deep = "{\"items\":".repeat(4_000) + "{}" + "}".repeat(4_000);
    assertTimeoutPreemptively(
        LIMIT, () -> assertThrows(GrammarException.class, () -> Grammar.ofJsonSchema(deep)));
    assertThrows(GrammarException.class, () -> Grammar.ofGbnf("root ::= " + "(".repeat(5_000)));
  }

  @Test
  void anyJson_endlessNesting_stopsAtTheLimit() {
    Grammar grammar = Grammar.anyJson();
    assertFalse(grammar.isPrefix("[".repeat(5_000)));
    assertTrue(grammar.matches("[".repeat(150) + "]".repeat(150)));
  }

  @Test
  void ambiguousGrammar_longText_isLinear() {
    Grammar grammar = Grammar.ofGbnf("root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"x\"");
    String text = "a".repeat(200) + "x" + "bc".repeat(100);
    assertTimeoutPreemptively(LIMIT, () -> assertTrue(grammar.matches(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$ref\":\"#\"}",
        "{\"allOf\":[{\"$ref\":\"#\"}]}",
        "{\"$ref\":\"https://example.com/other\"}",
        "{\"type\":\"kaboom\"}",
        "{\"type\":\"string\",\"minLength\":-1}",
        "{\"type\":\"array\",\"items\":{\"type\":\"object\"},\"uniqueItems\":true}",
        "{\"type\":\"object\",\"minProperties\":3}",
        "{\"type\":\"string\",\"not\":{\"format\":\"date\"}}",
        "[]",
        "3"
      })
  void jsonSchema_notHonoured_namesTheKeyword(String schema) {
    SchemaException e = assertThrows(SchemaException.class, () -> Grammar.ofJsonSchema(schema));
    assertTrue(e.pointer().startsWith("#"), e.pointer());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"enum\":[1e999999999],\"multipleOf\":3}",
        "{\"items\":{\"enum\":[1e999999999]},\"uniqueItems\":true}",
        "{\"const\":1e-999999999}",
        "{\"const\":1e99999999999}",
        "{\"default\":{\"a\":[1e5000]}}"
      })
  void jsonSchema_numbersThatFillTheMemory_areAnError(String schema) {
    assertTimeoutPreemptively(
        LIMIT, () -> assertThrows(GrammarException.class, () -> Grammar.ofJsonSchema(schema)));
  }

  @Test
  void masks_ofAGrammarWithThousandsOfReadings_endInTime() {
    int rules = 1_000;
    StringBuilder source = new StringBuilder("root ::= r0");
    for (int i = 1; i < rules; i++) {
      source.append(" | r").append(i);
    }
    for (int i = 0; i < rules; i++) {
      int next = (i + 1) % rules;
      int other = (i * 7 + 3) % rules;
      source.append(
          "\nr%d ::= \"x\" | [a-z] r%d \"y\" | [a-z] r%d \"z\"".formatted(i, next, other));
    }
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try {
            TokenGrammar grammar =
                TokenGrammar.of(Grammar.ofGbnf(source.toString()), MatcherTest.VOCABULARY);
            assertTrue(grammar.newMatcher().mask().length > 0);
          } catch (GrammarException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("too"), e.getMessage());
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}|#/minimum",
        "{\"type\":\"string\",\"minLength\":5,\"maxLength\":3}|#/minLength",
        "{\"type\":\"array\",\"minItems\":5,\"maxItems\":3}|#/minItems",
        "{\"type\":\"string\",\"enum\":[1]}|#/type",
        "{\"enum\":[]}|#/enum",
        "false|#",
        "{\"not\":{}}|#/not",
        "{\"allOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}|#/allOf",
        "{\"properties\":{\"a\":false},\"required\":[\"a\"]}|#/required",
        "{\"items\":{\"enum\":[1,2]},\"uniqueItems\":true,\"minItems\":3}|#/uniqueItems",
        "{\"properties\":{\"a\":{\"items\":{\"properties\":{\"b\":{\"type\":\"string\","
            + "\"pattern\":\"^x$\",\"minLength\":2}},\"required\":[\"b\"]},\"minItems\":1},"
            + "\"c\":{\"type\":\"null\"}},\"required\":[\"c\",\"a\"]}"
            + "|#/properties/a/items/properties/b/pattern",
        "{\"properties\":{\"next\":{\"$ref\":\"#\"}},\"required\":[\"next\"]}"
            + "|#/properties/next/$ref"
      })
  void jsonSchema_thatNothingSatisfies_isRefusedWithTheKeyword(String schema, String pointer) {
    SchemaException e =
        assertThrows(SchemaException.class, () -> Grammar.ofJsonSchema(schema), schema);
    assertEquals("no instance satisfies the schema", e.fault().what());
    assertEquals(pointer, e.pointer());
  }

  @Test
  void jsonSchema_tupleOfThousands_isRefused() {
    assertEquals("#/prefixItems", refusedTuple(20_000).pointer());
    assertEquals("#/prefixItems", refusedTuple(257).pointer());
    assertTrue(Grammar.ofJsonSchema(tuple(256)).stateCount() > 256);
  }

  private static SchemaException refusedTuple(int items) {
    return assertThrows(SchemaException.class, () -> Grammar.ofJsonSchema(tuple(items)));
  }

  private static String tuple(int items) {
    return "{\"minItems\":1,\"prefixItems\":[" + "{},".repeat(items - 1) + "{}]}";
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jsonSchema_chainOfThousands_isLookedAtInTime(boolean isDescending) {
    int n = 3_000;
    StringBuilder definitions = new StringBuilder("\"d0\":{\"type\":\"null\"}");
    StringBuilder properties = new StringBuilder();
    StringBuilder required = new StringBuilder("\"p0\"");
    for (int i = 1; i <= n; i++) {
      definitions.append(
          ",\"d%d\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d%d\"}},\"required\":[\"a\"]}"
              .formatted(i, i - 1));
    }
    for (int i = 0; i <= n; i++) {
      int which = isDescending ? n - i : i;
      properties
          .append(i == 0 ? "" : ",")
          .append("\"p%d\":{\"$ref\":\"#/$defs/d%d\"}".formatted(i, which));
      required.append(",\"p").append(i).append('"');
    }
    String schema =
        "{\"$defs\":{%s},\"properties\":{%s},\"required\":[%s]}"
            .formatted(definitions, properties, required);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          try {
            assertTrue(Grammar.ofJsonSchema(schema).stateCount() > 0);
          } catch (GrammarException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("too"), e.getMessage());
          }
        });
  }

  @Test
  void cache_ofManyLargeGrammars_keepsFew() {
    GrammarCache cache = new GrammarCache(MatcherTest.VOCABULARY, 64, 1 << 20);
    for (int i = 0; i < 30; i++) {
      cache.regex("([a-z]{40}" + i + "){50}").newMatcher().mask();
    }
    assertTrue(cache.size() < 30, "kept " + cache.size());
    assertTrue(cache.size() > 0);
    TokenGrammar small = cache.regex("a");
    assertSame(small, cache.regex("a"));
    String huge = "\"" + "x".repeat(1 << 20) + "\"";
    GrammarException e =
        assertThrows(GrammarException.class, () -> cache.jsonSchema("{\"const\":" + huge + "}"));
    assertTrue(e.fault().what().contains("too"), e.fault().what());
  }

  @Test
  void jsonSchema_wrongType_saysWhichThereAre() {
    SchemaException e =
        assertThrows(SchemaException.class, () -> Grammar.ofJsonSchema("{\"type\":\"strang\"}"));
    assertTrue(e.fault().what().contains("string, integer or number"), e.fault().what());
  }
}
