package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ids and texts equal those of Hugging Face's library; goldens/make.py made the files. */
class TokenizerJsonGoldenTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "byte-gpt2",
        "byte-llama3",
        "byte-qwen",
        "byte-gpt4o",
        "byte-deepseek",
        "byte-starcoder",
        "byte-falcon",
        "byte-added",
        "char-llama2",
        "char-metaspace",
        "char-suffix",
        "char-prefix",
        "unigram",
        "unigram-bytes",
        "unigram-precompiled",
        "wordpiece-uncased",
        "wordpiece-cased",
        "wordlevel",
        "split-removed",
        "split-removed-invert",
        "split-previous",
        "split-next",
        "split-contiguous",
        "split-next-invert"
      })
  void encodeAndDecode_everyGoldenText_equalTheReference(String name) throws IOException {
    JsonNode golden = golden(name);
    byte[] json = JsonMapper.shared().writeValueAsBytes(golden.get("tokenizer"));
    Tokenizer tokenizer = Tokenizers.ofTokenizerJson(json, null);
    List<JsonNode> cases = golden.get("cases").valueStream().toList();
    assertFalse(cases.isEmpty());
    for (JsonNode each : cases) {
      String text = each.get("text").stringValue();
      int[] parsed = ids(each.get("parsed"));
      assertArrayEquals(parsed, tokenizer.encode(text, EncodeOptions.TEMPLATE), text);
      assertArrayEquals(
          ids(each.get("framed")), tokenizer.encode(text, EncodeOptions.PROMPT), text);
      assertArrayEquals(ids(each.get("plain")), tokenizer.encode(text, EncodeOptions.TEXT), text);
      assertEquals(
          each.get("decoded").stringValue(), tokenizer.decode(parsed, DecodeOptions.VISIBLE), text);
    }
  }

  static JsonNode golden(String name) throws IOException {
    try (InputStream in =
        TokenizerJsonGoldenTest.class.getResourceAsStream("goldens/" + name + ".json")) {
      return JsonMapper.shared().readTree(in);
    }
  }

  private static int[] ids(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
