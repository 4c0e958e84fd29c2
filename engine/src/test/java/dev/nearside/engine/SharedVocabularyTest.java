package dev.nearside.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import dev.nearside.tokenizer.VocabularyFlag;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedVocabularyTest {
  private static TokenizerSpec spec(String... tokens) {
    return TokenizerSpec.of("gpt2", tokens)
        .withPre("gpt-2")
        .withMerges()
        .withId(SpecialRole.BOS, 0)
        .withId(SpecialRole.EOS, 1);
  }

  private static String[] words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).toArray(String[]::new);
  }

  private static Tokenizer of(String... tokens) {
    return Tokenizers.of(spec(tokens));
  }

  private static String refused(Tokenizer target, Tokenizer draft) {
    DraftMismatchException e =
        assertThrows(DraftMismatchException.class, () -> SharedVocabulary.size(target, draft));
    return e.fault().message();
  }

  @Test
  void size_sameTokens_areAll() {
    assertEquals(300, SharedVocabulary.size(of(words(300)), of(words(300))));
  }

  @Test
  void size_padding_isNotCounted() {
    assertEquals(300, SharedVocabulary.size(of(words(300)), of(words(428))));
    assertEquals(300, SharedVocabulary.size(of(words(428)), of(words(300))));
    String message = refused(of(words(300)), of(words(429)));
    assertTrue(message.contains("429") && message.contains("300"), message);
  }

  @Test
  void size_otherToken_isNamed() {
    String[] other = words(300);
    other[200] = "another";
    other[201] = "and another";
    String message = refused(of(words(300)), of(other));
    assertTrue(
        message.contains("token 200") && message.contains("another") && message.contains("w200"),
        message);
  }

  @Test
  void size_firstFew_mayBeNamedInAnotherWay() {
    String[] other = words(300);
    other[4] = "<unk>";
    assertEquals(300, SharedVocabulary.size(of(words(300)), of(other)));
  }

  @Test
  void size_otherBeginning_isRefused() {
    Tokenizer adds = Tokenizers.of(spec(words(300)).withFlag(VocabularyFlag.ADD_BOS, true));
    Tokenizer addsAnother =
        Tokenizers.of(
            spec(words(300)).withFlag(VocabularyFlag.ADD_BOS, true).withId(SpecialRole.BOS, 7));
    assertTrue(refused(adds, of(words(300))).contains("first token"));
    assertTrue(refused(adds, addsAnother).contains("token 7"));
    assertEquals(300, SharedVocabulary.size(adds, adds));
  }
}
