package dev.nearside.hub.modelfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.hub.GoTemplate;
import dev.nearside.hub.ModelSettings.Turn;
import dev.nearside.hub.RefusedException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelfileParserTest {
  @Test
  void wholeFile_isReadInAnyOrderAndCase() {
    Modelfile file =
        ModelfileParser.parse(
            """
            # a comment
            from smollm2:135m
            PARAMETER temperature 0.7
            PARAMETER num_ctx 4096
            PARAMETER stop "<|end|>"
            PARAMETER stop User:

            System \"""You are
            brief.\"""
            TEMPLATE "{{ messages[0]['content'] }}"
            MESSAGE user Is Toronto in Canada?
            MESSAGE assistant yes
            LICENSE MIT
            ADAPTER ./lora.gguf
            """);
    assertEquals("smollm2:135m", file.from());
    assertEquals(0.7, file.settings().parameters().get("temperature"));
    assertEquals(4096L, file.settings().parameters().get("num_ctx"));
    assertEquals(List.of("<|end|>", "User:"), file.settings().parameters().get("stop"));
    assertEquals("You are\nbrief.", file.settings().system());
    assertEquals("{{ messages[0]['content'] }}", file.settings().template());
    assertEquals(
        List.of(new Turn("user", "Is Toronto in Canada?"), new Turn("assistant", "yes")),
        file.settings().messages());
    assertEquals(List.of("MIT"), file.settings().licenses());
    assertEquals(List.of("./lora.gguf"), file.adapters());
  }

  @Test
  void text_readAgain_isTheSame() {
    Modelfile file =
        ModelfileParser.parse(
            "FROM a:b\nSYSTEM \"\"\"say \"x\"\n\"\"\"\nPARAMETER stop a b\nPARAMETER top_p 0.5\n"
                + "MESSAGE user hi\nLICENSE \"\"\"1\n2\"\"\"\n");
    assertEquals(file, ModelfileParser.parse(file.text()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SYSTEM x",
        "FROM",
        "FROM a\nNONSENSE b",
        "FROM a\nSYSTEM \"\"\"open",
        "FROM a\nSYSTEM \"a\" b",
        "FROM a\nMESSAGE robot hi",
        "FROM a\nPARAMETER",
        "FROM a\nPARAMETER top_k",
        "FROM a\nTEMPLATE \"\"\"{{ .System }}\"\"\"",
        "FROM a\nTEMPLATE {{- range .Messages }}x{{ end }}"
      })
  void whatMakesNoSense_isRefused(String text) {
    assertThrows(RefusedException.class, () -> ModelfileParser.parse(text));
  }

  @Test
  void error_namesTheLine() {
    RefusedException e =
        assertThrows(RefusedException.class, () -> ModelfileParser.parse("FROM a\n\n\nNONSENSE b"));
    assertTrue(String.valueOf(e.getMessage()).contains("line 4"), e.getMessage());
  }

  @Test
  void emptyTemplate_isNone() {
    assertEquals(null, ModelfileParser.parse("FROM a\nTEMPLATE \"\"").settings().template());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages }}",
        "{% if x %}a{% endif %}",
        "{{ 'a' if b else 'c' }}",
        "{{ index_of }}",
        "{{- bos_token -}}",
        "{{ not_empty }}"
      })
  void jinja_isNotTakenForGo(String template) {
    assertEquals(false, GoTemplate.isLikely(template));
  }

  @Test
  void noise_isReadOrRefused_andNothingElse() {
    Random random = new Random(7);
    String letters = "FROM a\n\"#PARAMETER stop TEMPLATE {{}}SYSTEM \t\r\u00e9";
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "FROM a\n" : "");
      for (int n = random.nextInt(60); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      try {
        Modelfile file = ModelfileParser.parse(text.toString());
        assertTrue(!file.from().isEmpty() || text.toString().contains("\"\""), text.toString());
      } catch (RefusedException e) {
        assertTrue(String.valueOf(e.getMessage()).length() > 5);
      }
    }
  }
}
