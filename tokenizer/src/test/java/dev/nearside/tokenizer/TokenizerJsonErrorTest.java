package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerJsonErrorTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"model\":5}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":99999999999},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"b\"},\"merges\":[]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a\"]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]}}",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[5]}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",0]],\"unk_id\":7}}",
        "{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"a\",\"b\"]]}}",
        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":0}}}",
        "{\"added_tokens\":[{\"content\":\"x\"}],"
            + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}",
      })
  void ofTokenizerJson_broken_isATypedError(String json) {
    assertThrows(TokenizerException.class, () -> tokenizer(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"normalizer", "pre_tokenizer", "post_processor", "decoder", "added_tokens"})
  void ofTokenizerJson_unknownComponent_isNamed(String place) {
    String component = "{\"type\":\"Frobnicate\"}";
    String json =
        "{\""
            + place
            + "\":"
            + component
            + ",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";
    TokenizerException e = assertThrows(TokenizerException.class, () -> tokenizer(json));
    assertTrue(e.fault().message().contains(place), e.fault().message());
    if (!place.equals("added_tokens")) {
      assertTrue(e.fault().message().contains("Frobnicate"), e.fault().message());
    }
  }

  @Test
  void ofTokenizerJson_unknownModel_isNamed() {
    TokenizerException e =
        assertThrows(
            TokenizerException.class,
            () -> tokenizer("{\"model\":{\"type\":\"Oracle\",\"vocab\":{\"a\":0}}}"));
    assertTrue(e.fault().message().contains("Oracle"), e.fault().message());
  }

  @Test
  void ofTokenizerJson_badExpression_isATypedError() {
    String json =
        "{\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},"
            + "\"behavior\":\"Isolated\"},"
            + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";
    assertThrows(TokenizerException.class, () -> tokenizer(json));
  }

  @Test
  void ofTokenizerJson_configBeside_namesTheRoles() {
    String json =
        "{\"added_tokens\":[{\"id\":1,\"content\":\"<A>\",\"special\":true},"
            + "{\"id\":2,\"content\":\"<Z>\",\"special\":true}],"
            + "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";
    String config =
        "{\"bos_token\":\"<A>\",\"eos_token\":{\"content\":\"<Z>\"},\"add_bos_token\":true,"
            + "\"added_tokens_decoder\":{\"3\":{\"content\":\"<M>\",\"special\":true}}}";
    Tokenizer tokenizer =
        Tokenizers.ofTokenizerJson(
            json.getBytes(StandardCharsets.UTF_8), config.getBytes(StandardCharsets.UTF_8));
    assertEquals(1, tokenizer.specials().bos().orElseThrow());
    assertEquals(2, tokenizer.specials().eos().orElseThrow());
    assertTrue(tokenizer.specials().isEndOfGeneration(2));
    assertTrue(tokenizer.specials().addBos());
    assertEquals(4, tokenizer.vocabSize());
    assertEquals(TokenKind.CONTROL, tokenizer.kind(3));
    assertEquals(3, tokenizer.encode("<M>a", EncodeOptions.PROMPT).length);
  }

  @Test
  void ofTokenizerJson_noSuchFile_isATypedError() {
    assertThrows(
        TokenizerException.class, () -> Tokenizers.ofTokenizerJson(Path.of("no", "such.json")));
  }

  private static Tokenizer tokenizer(String json) {
    return Tokenizers.ofTokenizerJson(json.getBytes(StandardCharsets.UTF_8), null);
  }
}
