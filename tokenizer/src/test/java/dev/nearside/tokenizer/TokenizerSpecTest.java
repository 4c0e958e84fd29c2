package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenizerSpecTest {

  @Test
  void fromMetadata_listsAndArraysAlike_giveTheSameSpec() {
    Map<String, Object> lists = new HashMap<>();
    lists.put("tokenizer.ggml.model", "llama");
    lists.put("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>", "▁a"));
    lists.put("tokenizer.ggml.scores", List.of(0.0, 0.0f, 0, -1.5));
    lists.put("tokenizer.ggml.token_type", List.of(2L, 3, 3, 1));
    lists.put("tokenizer.ggml.bos_token_id", 1L);
    lists.put("tokenizer.ggml.add_bos_token", true);
    lists.put("general.name", "Test");
    Map<String, Object> arrays = new HashMap<>(lists);
    arrays.put("tokenizer.ggml.tokens", new String[] {"<unk>", "<s>", "</s>", "▁a"});
    arrays.put("tokenizer.ggml.scores", new float[] {0, 0, 0, -1.5f});
    arrays.put("tokenizer.ggml.token_type", new int[] {2, 3, 3, 1});
    TokenizerSpec spec = TokenizerSpec.fromMetadata(lists);
    assertEquals(spec, TokenizerSpec.fromMetadata(arrays));
    assertEquals(Map.of(SpecialRole.BOS, 1), spec.ids());
    assertEquals(Map.of(VocabularyFlag.ADD_BOS, true), spec.flags());
    assertArrayEquals(new float[] {0, 0, 0, -1.5f}, spec.scores());
  }

  @Test
  void fromMetadata_missingOrWrongKeys_areTypedErrors() {
    assertThrows(TokenizerException.class, () -> TokenizerSpec.fromMetadata(Map.of()));
    assertThrows(
        TokenizerException.class,
        () -> TokenizerSpec.fromMetadata(Map.of("tokenizer.ggml.model", 3)));
    TokenizerException e =
        assertThrows(
            TokenizerException.class,
            () ->
                TokenizerSpec.fromMetadata(
                    Map.of("tokenizer.ggml.model", "llama", "tokenizer.ggml.tokens", 5)));
    assertTrue(e.fault().message().contains("tokenizer.ggml.tokens"), e.fault().message());
    assertThrows(
        TokenizerException.class,
        () ->
            TokenizerSpec.fromMetadata(
                Map.of("tokenizer.ggml.model", "llama", "tokenizer.ggml.tokens", List.of("a", 5))));
  }

  @Test
  void new_tooFewScoresOrTypes_isATypedError() {
    TokenizerSpec spec = TokenizerSpec.of("llama", "a", "b", "c");
    assertThrows(TokenizerException.class, () -> spec.withScores(1, 2));
    assertThrows(TokenizerException.class, () -> spec.withTypes(1));
    assertThrows(TokenizerException.class, () -> TokenizerSpec.of("llama"));
  }

  @Test
  void of_unknownModelOrPreTokeniser_namesIt() {
    TokenizerException model =
        assertThrows(
            TokenizerException.class, () -> Tokenizers.of(TokenizerSpec.of("klingon", "a")));
    assertTrue(model.fault().message().contains("klingon"), model.fault().message());
    TokenizerException pre =
        assertThrows(
            TokenizerException.class, () -> Tokenizers.of(Small.byteLevel().withPre("next-year")));
    assertTrue(pre.fault().message().contains("next-year"), pre.fault().message());
  }

  @Test
  void of_bpeWithoutMerges_isATypedError() {
    assertThrows(
        TokenizerException.class,
        () -> Tokenizers.of(TokenizerSpec.of("gpt2", "a", "b").withPre("gpt-2")));
  }

  @Test
  void of_idsOutOfRange_areDropped() {
    Tokenizer tokenizer =
        Tokenizers.of(
            Small.sentencePiece()
                .withId(SpecialRole.PAD, 1 << 30)
                .withId(SpecialRole.SEP, -1)
                .withId(SpecialRole.EOS, 2));
    assertTrue(tokenizer.specials().pad().isEmpty());
    assertTrue(tokenizer.specials().sep().isEmpty());
    assertEquals(2, tokenizer.specials().eos().orElseThrow());
  }

  @Test
  void of_brokenMergesAndDuplicates_areTolerated() {
    Tokenizer tokenizer =
        Tokenizers.of(
            Small.byteLevel().withMerges("h e", "nospace", "h e", "x", "", "zz yy", "he l"));
    String text = "hello zzyy";
    assertEquals(text, tokenizer.decode(tokenizer.encode(text, EncodeOptions.TEXT)));
  }

  @Test
  void of_brokenNormalisationTable_isATypedError() {
    for (byte[] table : new byte[][] {{1}, {9, 0, 0, 0, 1}, {-1, -1, -1, -1}, {4, 0, 0, 0}}) {
      TokenizerSpec spec =
          TokenizerSpec.of("t5", "<pad>", "</s>", "<unk>", "▁a").withCharsmap(table);
      assertThrows(TokenizerException.class, () -> Tokenizers.of(spec));
    }
  }
}
