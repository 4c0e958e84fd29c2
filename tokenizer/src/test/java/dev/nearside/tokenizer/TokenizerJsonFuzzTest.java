package dev.nearside.tokenizer;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes are a tokenizer or a typed error; a tokenizer encodes and decodes any text. */
class TokenizerJsonFuzzTest {
  private static final String TEXT = "<s>Hello  wörld's 1234\n狐狸😀 <mask>\uD800x";

  @FuzzTest(maxDuration = "60s")
  void ofTokenizerJson_anyBytes_worksOrIsATypedError(byte[] json) {
    try {
      Tokenizer tokenizer = Tokenizers.ofTokenizerJson(json, json);
      tokenizer.decode(tokenizer.encode(TEXT, EncodeOptions.PROMPT));
    } catch (TokenizerException expected) {
      assertFalse(expected.fault().what().isEmpty());
    }
  }
}
