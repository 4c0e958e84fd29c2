package dev.nearside.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** llama.cpp's grammars with the strings that they accept and reject. */
class GbnfCasesTest {
  @Test
  void matches_everyRow_hasItsVerdict() {
    List<String> wrong = new ArrayList<>();
    int strings = 0;
    for (JsonNode row : Cases.rows("llama_gbnf_strings.jsonl")) {
      Grammar grammar = Grammar.ofGbnf(row.get("gbnf").asString());
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
    assertEquals(119, strings);
  }
}
