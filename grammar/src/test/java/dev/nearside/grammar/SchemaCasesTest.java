package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** llama.cpp's schemas with the strings that they accept and reject. */
class SchemaCasesTest {
  @Test
  void matches_everyRow_hasItsVerdict() {
    List<String> wrong = new ArrayList<>();
    int strings = 0;
    for (JsonNode row : Cases.rows("llama_schema_strings.jsonl")) {
      Grammar grammar;
      try {
        grammar = Grammar.ofJsonSchema(row.get("schema").toString());
      } catch (GrammarException e) {
        wrong.add(row.get("name").asString() + ": " + e.getMessage());
        continue;
      }
      for (String verdict : List.of("accept", "reject")) {
        for (JsonNode text : row.get(verdict)) {
          strings++;
          if (grammar.matches(text.asString()) != verdict.equals("accept")) {
            wrong.add(row.get("name").asString() + ": should " + verdict + " " + text);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(246, strings);
  }

  @Test
  void compile_everySchema_isTakenOrRefusedAsByTheReference() {
    List<String> wrong = new ArrayList<>();
    for (JsonNode row : Cases.rows("llama_schema_to_grammar.jsonl")) {
      String outcome = "SUCCESS";
      try {
        Grammar.ofJsonSchema(row.get("schema").asString());
      } catch (GrammarException e) {
        outcome = "FAILURE";
      }
      if (!outcome.equals(row.get("expect_status").asString())) {
        wrong.add(row.get("name").asString() + ": " + outcome);
      }
    }
    assertEquals(List.of(), wrong);
  }
}
