package dev.nearside.tokenizer;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any bytes are a tokenizer or a typed error; a tokenizer encodes and decodes any text. */
class TokenizerJsonFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void ofTokenizerJson_anyBytes_worksOrIsATypedError(FuzzedDataProvider data) {
    String text = data.consumeString(200);
    byte[] json = data.consumeRemainingAsString().getBytes(StandardCharsets.UTF_8);
    try {
      Tokenizer tokenizer = Tokenizers.ofTokenizerJson(json, null);
      tokenizer.decode(tokenizer.encode(text, EncodeOptions.PROMPT));
    } catch (TokenizerException expected) {
      // The one error that callers have to know.
      if (expected.fault().what().isEmpty()) {
        throw new AssertionError("an error without words", expected);
      }
    }
  }
}
