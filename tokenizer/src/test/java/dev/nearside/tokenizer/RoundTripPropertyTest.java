package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.text.Normalizer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RoundTripPropertyTest {
  private static final int ROUNDS = 3000;

  @Test
  void decode_ofEncodedRandomText_givesTheTextBack() {
    Tokenizer tokenizer = Tokenizers.of(Small.byteLevel());
    Random random = new Random(20261121);
    for (int i = 0; i < ROUNDS; i++) {
      String text = Small.text(random, 60);
      assertEquals(text, tokenizer.decode(tokenizer.encode(text, EncodeOptions.TEXT)));
    }
  }

  @Test
  void decode_ofEverySinglePreTokeniser_givesTheTextBack() {
    Random random = new Random(7);
    for (var family : dev.nearside.tokenizer.pre.PreFamilies.all()) {
      if (family.characters()) {
        continue;
      }
      Tokenizer tokenizer = Tokenizers.of(Small.byteLevel().withPre(family.names().getFirst()));
      for (int i = 0; i < 200; i++) {
        String text = Small.text(random, 40);
        int[] ids = tokenizer.encode(text, EncodeOptions.TEXT);
        assertEquals(text, tokenizer.decode(ids), family.names().getFirst());
      }
    }
  }

  @Test
  void decode_withNormaliser_givesTheNormalisedText() throws IOException {
    byte[] json =
        JsonMapper.shared()
            .writeValueAsBytes(TokenizerJsonGoldenTest.golden("byte-qwen").get("tokenizer"));
    Tokenizer tokenizer = Tokenizers.ofTokenizerJson(json, null);
    Random random = new Random(3);
    for (int i = 0; i < ROUNDS; i++) {
      String text = Small.text(random, 40);
      String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
      int[] ids = tokenizer.encode(text, EncodeOptions.TEXT);
      assertEquals(normal, tokenizer.decode(ids, DecodeOptions.VISIBLE));
    }
  }

  @Test
  void decode_sentencePieceWithByteTokens_givesTheTextBack() {
    Tokenizer tokenizer = Tokenizers.of(Small.sentencePiece());
    Random random = new Random(5);
    for (int i = 0; i < ROUNDS; i++) {
      String text = Small.text(random, 40).replace("▁", "");
      assertEquals(text, tokenizer.decode(tokenizer.encode(text, EncodeOptions.TEXT)));
    }
  }

  @Test
  void incrementalDecoder_anyIds_neverEmitsHalfACharacterAndEqualsDecode() {
    for (TokenizerSpec spec : new TokenizerSpec[] {Small.byteLevel(), Small.sentencePiece()}) {
      Tokenizer tokenizer = Tokenizers.of(spec);
      Random random = new Random(11);
      for (int i = 0; i < ROUNDS; i++) {
        int[] ids =
            i % 2 == 0
                ? tokenizer.encode(Small.text(random, 30), EncodeOptions.TEXT)
                : random.ints(random.nextInt(30), 0, tokenizer.vocabSize()).toArray();
        IncrementalDecoder decoder = tokenizer.newDecoder();
        StringBuilder joined = new StringBuilder();
        for (int id : ids) {
          String piece = decoder.accept(id);
          assertFalse(startsOrEndsInHalf(piece), piece);
          joined.append(piece);
        }
        joined.append(decoder.finish());
        assertEquals(tokenizer.decode(ids), joined.toString());
        if (i % 2 == 0) {
          assertFalse(joined.toString().contains("\uFFFD\uFFFD"), "no bytes were torn apart");
        }
      }
    }
  }

  private static boolean startsOrEndsInHalf(String piece) {
    return !piece.isEmpty()
        && (Character.isLowSurrogate(piece.charAt(0))
            || Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
  }
}
