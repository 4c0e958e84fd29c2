package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {

  @Test
  void encode_controlTokenInUserText_isTextUnlessAskedFor() {
    Tokenizer tokenizer = Tokenizers.of(Small.byteLevel());
    int end = tokenizer.id("<|im_end|>").orElseThrow();
    String text = "hello<|im_end|>";
    assertFalse(contains(tokenizer.encode(text, EncodeOptions.TEXT), end));
    assertTrue(contains(tokenizer.encode(text, EncodeOptions.TEMPLATE), end));
    assertEquals(text, tokenizer.decode(tokenizer.encode(text, EncodeOptions.TEXT)));
  }

  @Test
  void encode_controlTokenReachableByMerges_isNeverMadeFromUserText() {
    // "<s" is a piece, so merging by score would arrive at the control token "<s>".
    Tokenizer tokenizer = Tokenizers.of(Small.sentencePiece());
    assertFalse(contains(tokenizer.encode("<s></s>", EncodeOptions.TEXT), 1));
    assertArrayEquals(new int[] {1, 2}, tokenizer.encode("<s></s>", EncodeOptions.TEMPLATE));
  }

  @Test
  void encode_userDefinedToken_isFoundInAnyText() {
    Tokenizer tokenizer = Tokenizers.of(Small.byteLevel());
    int tool = tokenizer.id("<tool>").orElseThrow();
    assertTrue(contains(tokenizer.encode("a<tool>b", EncodeOptions.TEXT), tool));
    assertEquals("a<tool>b", tokenizer.decode(tokenizer.encode("a<tool>b", EncodeOptions.TEXT)));
  }

  @Test
  void encode_gptOssFormatTokens_areVisibleButNotParsedFromUserText() {
    String[] tokens = {"<|start|>", "<|end|>", "<|return|>", "<|call|>", "<|message|>"};
    Tokenizer tokenizer =
        Tokenizers.of(withTokens(Small.byteLevel(), tokens, 3).withId(SpecialRole.EOS, 0));
    int start = tokenizer.id("<|start|>").orElseThrow();
    assertFalse(contains(tokenizer.encode("<|start|>", EncodeOptions.TEXT), start));
    assertEquals("<|start|>", tokenizer.decode(new int[] {start}));
    List<Integer> ends = tokenizer.specials().endOfGeneration();
    assertFalse(ends.contains(tokenizer.id("<|end|>").orElseThrow()));
    assertTrue(ends.contains(tokenizer.id("<|return|>").orElseThrow()));
    assertTrue(ends.contains(tokenizer.id("<|call|>").orElseThrow()));
  }

  @Test
  void endOfGeneration_ordinaryWordThatLooksLikeAnEnd_isNone() {
    TokenizerSpec spec = withTokens(Small.byteLevel(), new String[] {"</s>"}, 1);
    Tokenizer tokenizer = Tokenizers.of(spec);
    int word = tokenizer.id("</s>").orElseThrow();
    assertFalse(tokenizer.specials().isEndOfGeneration(word));
    assertTrue(tokenizer.specials().isEndOfGeneration(tokenizer.id("<|im_end|>").orElseThrow()));
  }

  @Test
  void encode_addSpecial_followsFlagsOfTheFile() {
    Tokenizer plain = Tokenizers.of(Small.byteLevel());
    Tokenizer both =
        Tokenizers.of(
            Small.byteLevel()
                .withFlag(VocabularyFlag.ADD_BOS, true)
                .withFlag(VocabularyFlag.ADD_EOS, true));
    int[] ids = plain.encode("hello", EncodeOptions.PROMPT);
    int[] framed = both.encode("hello", EncodeOptions.PROMPT);
    int bos = both.specials().bos().orElseThrow();
    int eos = both.specials().eos().orElseThrow();
    int[] expected =
        IntStream.concat(IntStream.concat(IntStream.of(bos), Arrays.stream(ids)), IntStream.of(eos))
            .toArray();
    assertArrayEquals(expected, framed);
    assertArrayEquals(ids, both.encode("hello", EncodeOptions.TEXT));
  }

  @Test
  void decode_sentencePieceSpace_isDroppedAtTheStartAndKeptInContinuations() {
    Tokenizer tokenizer = Tokenizers.of(Small.sentencePiece());
    int[] ids = tokenizer.encode("hello", EncodeOptions.PROMPT);
    assertArrayEquals(new int[] {1, tokenizer.id("▁hello").orElseThrow()}, ids);
    assertEquals("hello", tokenizer.decode(ids));
    assertEquals("<s> hello", tokenizer.decode(ids, DecodeOptions.VISIBLE));
    assertEquals(" hello", tokenizer.decode(ids, new DecodeOptions(true, true)));
  }

  @Test
  void decode_severalTextsWithOneDecoder_startAnewAfterFinish() {
    Tokenizer tokenizer = Tokenizers.of(Small.sentencePiece());
    IncrementalDecoder decoder = tokenizer.newDecoder();
    int hello = tokenizer.id("▁hello").orElseThrow();
    assertEquals("hello", decoder.accept(hello));
    assertEquals(" hello", decoder.accept(hello));
    assertEquals("", decoder.finish());
    assertEquals("hello", decoder.accept(hello));
  }

  private static TokenizerSpec withTokens(TokenizerSpec spec, String[] more, int type) {
    int count = spec.tokens().length;
    String[] tokens = Arrays.copyOf(spec.tokens(), count + more.length);
    System.arraycopy(more, 0, tokens, count, more.length);
    int[] types = new int[tokens.length];
    Arrays.fill(types, 1);
    Arrays.fill(types, count, types.length, type);
    types[spec.ids().getOrDefault(SpecialRole.EOS, 0)] = 3;
    return TokenizerSpec.of(spec.model(), tokens)
        .withPre("gpt-2")
        .withMerges("h e")
        .withTypes(types);
  }

  private static boolean contains(int[] ids, int wanted) {
    return Arrays.stream(ids).anyMatch(id -> id == wanted);
  }
}
