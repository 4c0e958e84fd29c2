package dev.nearside.tokenizer.pre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreFamiliesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          gpt-2;Hi there's 1234  x;Hi| there|'s| 1234| | x
          gpt-2;THERE'S;THERE|'|S
          llama-bpe;THERE'S 12345;THERE|'S| |123|45
          qwen2;a 123;a| |1|2|3
          qwen35;नमस्ते 12;नमस्ते| |1|2
          qwen2;नमस्ते;नमस|्त|े
          starcoder;ab 12;ab| |1|2
          gpt-4o;camelCase don't;camel|Case| don't
          tekken;don't 12;don|'t| |1|2
          deepseek-v3;ab12345中文。;ab|123|45|中文|。
          deepseek-llm;a!!  b 12;a|!!| | b| |12
          deepseek-coder;a.b 12;a|.|b| |1|2
          falcon;a!b 12345;a|!|b| |123|45
          tiny_aya;1234567;1|234|567
          afmoe;12345;12|345
          kimi-k2;Hi中文abc;Hi|中文|abc
          exaone-moe;ab cd ef, 1;ab cd ef|,| |1
          minicpm5;ab 12345;ab| |123|45
          seed-coder;a !\\n;a| !|\\n
          qwen2;a !\\n;a| !\\n
          superbpe;x 1234567 y;x |1|234|567| y
          bloom;Hi there.;Hi| there|.
          viking;a1;a|1
          chameleon;IMGIMGABZ x!;IMGIMGABZ| x|!
          jais-2;a        b;a|    |  | | b
          gemma4;a\\n\\nb;a|\\n\\n|b
          default;a+b 1234;a|+|b| |123|4
          """)
  void split_typicalText_cutsAsTheFamilyDoes(String name, String text, String expected) {
    List<String> pieces = new ArrayList<>();
    PreFamilies.of(name).splitter().get().split(text.replace("\\n", "\n"), pieces);
    assertEquals(expected.replace("\\n", "\n"), String.join("|", pieces), name);
  }

  @Test
  void of_everyName_hasAFamilyThatCompiles() {
    int names = 0;
    for (PreFamily family : PreFamilies.all()) {
      for (String name : family.names()) {
        assertEquals(family, PreFamilies.of(name));
        names++;
      }
      List<String> pieces = new ArrayList<>();
      String text = "The 'quick' 1234 狐狸's\n\n  jump! ";
      family.splitter().get().split(text, pieces);
      assertEquals(text, String.join("", pieces), family.names().getFirst());
    }
    assertEquals(86, names);
  }

  @Test
  void knownExpressions_trailingSpace_endsAtLineEnds() {
    List<String> pieces = new ArrayList<>();
    Splitter splitter = KnownExpressions.of("\\s+$", SplitBehavior.ISOLATED, false);
    assertNotNull(splitter);
    splitter.split("a  \n b \t", pieces);
    assertEquals("a|  |\n b| \t", String.join("|", pieces));
  }

  @Test
  void jais2_randomSpaces_cutsAsItsExpressionDoes() {
    String cascade =
        "\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)"
            + "|\\s{16}(?!\\S)|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}";
    String plain = "\\s+(?!\\S)|\\s+";
    Splitter expression = Patterns.isolate(Patterns.LLAMA3.replace(plain, cascade));
    Splitter family = PreFamilies.of("jais-2").splitter().get();
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(8); part > 0; part--) {
        int longest = random.nextInt(6) == 0 ? 1500 : 12;
        text.append(" ".repeat(random.nextInt(longest)))
            .append(List.of("", "ab", "\n", "!1", "\t").get(random.nextInt(5)));
      }
      List<String> expected = new ArrayList<>();
      List<String> pieces = new ArrayList<>();
      expression.split(text.toString(), expected);
      family.split(text.toString(), pieces);
      assertEquals(expected, pieces);
    }
  }
}
