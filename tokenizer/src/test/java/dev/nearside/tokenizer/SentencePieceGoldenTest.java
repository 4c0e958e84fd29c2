package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Ids equal those of Google's library; goldens/make_sentencepiece.py made the files. */
class SentencePieceGoldenTest {

  @Test
  void encode_bpeVocabulary_equalsTheReference() throws IOException {
    check("sentencepiece-bpe", "llama");
  }

  @Test
  void encode_unigramVocabularyWithTable_equalsTheReference() throws IOException {
    check("sentencepiece-unigram", "t5");
  }

  private static void check(String name, String model) throws IOException {
    JsonNode golden = TokenizerJsonGoldenTest.golden(name);
    Tokenizer tokenizer = Tokenizers.of(spec(golden, model));
    List<JsonNode> cases = golden.get("cases").valueStream().toList();
    assertFalse(cases.isEmpty());
    for (JsonNode each : cases) {
      String text = each.get("text").stringValue();
      int[] ids = each.get("ids").valueStream().mapToInt(JsonNode::intValue).toArray();
      assertArrayEquals(ids, tokenizer.encode(text, EncodeOptions.TEXT), name + ": " + text);
    }
  }

  private static TokenizerSpec spec(JsonNode golden, String model) {
    JsonNode pieces = golden.get("pieces");
    String[] tokens = new String[pieces.size()];
    float[] scores = new float[tokens.length];
    int[] types = new int[tokens.length];
    for (int id = 0; id < tokens.length; id++) {
      tokens[id] = pieces.get(id).get(0).stringValue();
      scores[id] = pieces.get(id).get(1).floatValue();
      types[id] = pieces.get(id).get(2).intValue();
    }
    JsonNode flags = golden.get("flags");
    return TokenizerSpec.of(model, tokens)
        .withScores(scores)
        .withTypes(types)
        .withId(SpecialRole.UNK, flags.get("unk").intValue())
        .withFlag(VocabularyFlag.ADD_SPACE_PREFIX, flags.get("add_space_prefix").booleanValue())
        .withFlag(
            VocabularyFlag.REMOVE_EXTRA_WHITESPACES,
            flags.get("remove_extra_whitespaces").booleanValue())
        .withCharsmap(Base64.getDecoder().decode(golden.get("charsmap").stringValue()));
  }
}
