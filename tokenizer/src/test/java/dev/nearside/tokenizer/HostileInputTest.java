package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tokenizer.pre.PreFamilies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Long and odd texts, broken vocabularies: linear time, a flat stack, typed errors. */
class HostileInputTest {
  /** Far more than needed on a busy machine, far less than quadratic time would take. */
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final List<String> ODD_TEXTS =
      List.of(
          "a".repeat(100_000),
          " ".repeat(100_000),
          " ".repeat(100_000) + "x",
          "\n".repeat(100_000),
          "1".repeat(100_000),
          "中".repeat(100_000),
          "😀".repeat(100_000),
          "é".repeat(100_000),
          "e\u0301".repeat(100_000),
          "'".repeat(100_000),
          "<|".repeat(100_000),
          "a b ".repeat(50_000),
          "A".repeat(100_000) + "1",
          "\t \n".repeat(100_000),
          "\uD800".repeat(100_000));

  @Test
  void encode_longOddTexts_isNotQuadraticInAnyFamily() {
    for (var family : PreFamilies.all()) {
      String name = family.names().getFirst();
      TokenizerSpec spec = Small.byteLevel().withPre(name);
      Tokenizer tokenizer = Tokenizers.of(spec);
      assertTimeoutPreemptively(
          LONG,
          () -> {
            for (String text : ODD_TEXTS) {
              int[] ids = tokenizer.encode(text, EncodeOptions.PROMPT);
              assertTrue(family.characters() || ids.length > 0, name);
            }
          },
          name);
    }
  }

  @Test
  void encode_longOddTexts_isNotQuadraticWithSentencePiece() {
    Tokenizer tokenizer = Tokenizers.of(Small.sentencePiece());
    assertTimeoutPreemptively(
        LONG,
        () -> {
          for (String text : ODD_TEXTS) {
            assertTrue(tokenizer.encode(text, EncodeOptions.PROMPT).length > 0);
          }
        });
  }

  @Test
  void encode_tokenOfAMegabyte_isFoundOrPassedOver() {
    String huge = "a".repeat(1 << 20);
    String[] tokens = Small.sentencePiece().tokens().clone();
    tokens[tokens.length - 1] = huge;
    assertTimeoutPreemptively(
        LONG,
        () -> {
          for (String model : List.of("llama", "t5", "bert", "rwkv")) {
            Tokenizer tokenizer =
                Tokenizers.of(TokenizerSpec.of(model, tokens).withId(SpecialRole.UNK, 0));
            assertTrue(tokenizer.encode(huge, EncodeOptions.TEXT).length > 0, model);
          }
        });
  }

  @Test
  void of_specialTokenOfAMegabyte_isATypedError() {
    TokenizerSpec spec =
        TokenizerSpec.of("llama", "<unk>", "<s>", "x".repeat(1 << 20)).withTypes(2, 3, 3);
    TokenizerException e = assertThrows(TokenizerException.class, () -> Tokenizers.of(spec));
    assertTrue(e.fault().message().contains("special token too long"), e.fault().message());
  }

  @Test
  void encode_unpairedSurrogates_countAsReplacementCharacters() {
    Tokenizer tokenizer = Tokenizers.of(Small.byteLevel());
    int[] ids = tokenizer.encode("a\uD83Db\uDE00", EncodeOptions.TEXT);
    assertEquals("a\uFFFDb\uFFFD", tokenizer.decode(ids));
  }

  @Test
  void decode_idsOutOfRange_isATypedError() {
    Tokenizer tokenizer = Tokenizers.of(Small.byteLevel());
    for (int id : new int[] {-1, tokenizer.vocabSize(), Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThrows(TokenizerException.class, () -> tokenizer.decode(new int[] {id}));
      assertThrows(TokenizerException.class, () -> tokenizer.tokenBytes(id));
      assertThrows(TokenizerException.class, () -> tokenizer.tokenText(id));
      assertThrows(TokenizerException.class, () -> tokenizer.kind(id));
      assertThrows(TokenizerException.class, () -> tokenizer.newDecoder().accept(id));
    }
  }

  @Test
  void encode_expressionThatBacktracksForEver_isATypedError() {
    Tokenizer tokenizer = json(split("(x+x+)+y"));
    String text = "x".repeat(2000);
    assertTimeoutPreemptively(
        LONG,
        () ->
            assertThrows(
                TokenizerException.class, () -> tokenizer.encode(text, EncodeOptions.TEXT)));
  }

  @Test
  void encode_expressionThatNeedsADeepStack_isATypedErrorOrWorks() {
    Tokenizer tokenizer = json(split("(a|b|ab)*c"));
    String text = "ab".repeat(500_000);
    assertTimeoutPreemptively(
        LONG,
        () ->
            assertThrows(
                TokenizerException.class, () -> tokenizer.encode(text, EncodeOptions.TEXT)));
  }

  @Test
  void encode_rulesThatBlowTheTextUp_isATypedError() {
    String grow =
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\""
            + "a".repeat(1000)
            + "\"}";
    Tokenizer tokenizer =
        json(
            "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
                + String.join(",", IntStream.range(0, 8).mapToObj(i -> grow).toList())
                + "]},\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}");
    assertThrows(TokenizerException.class, () -> tokenizer.encode("aaaa", EncodeOptions.TEXT));
  }

  private static String split(String regex) {
    return "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\""
        + regex
        + "\"},\"behavior\":\"Isolated\"},\"model\":{\"type\":\"BPE\",\"vocab\":{\"x\":0},"
        + "\"merges\":[]}}";
  }

  private static Tokenizer json(String json) {
    return Tokenizers.ofTokenizerJson(json.getBytes(StandardCharsets.UTF_8), null);
  }
}
