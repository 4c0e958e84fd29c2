package dev.nearside.grammar;

import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small vocabularies for tests: a token per byte, some longer ones, and control tokens. */
final class Vocabularies {
  static final List<String> PIECES =
      List.of(
          "\":",
          "\": ",
          "\",",
          "\", \"",
          "{\"",
          "\"}",
          "}}",
          "[[",
          "[{",
          "},{",
          "}, {\"",
          "],",
          "]]",
          "true",
          "false",
          "null",
          "12",
          "00",
          "1.",
          "-1",
          " \"",
          "\n",
          "\n  ",
          "  ",
          "ab",
          "abc",
          "na",
          "name",
          "\"name\":",
          "é",
          "\\n",
          "\\u00",
          "\"\"",
          "\"a",
          "0.5",
          "e-",
          "2026-",
          "-01",
          ": [",
          "[]",
          "{}",
          "1,",
          "a\",\"b",
          "中",
          "文字",
          "a\"",
          "n\"",
          "00\"}");

  private Vocabularies() {}

  static Tokenizer bytes() {
    return of(List.of());
  }

  static Tokenizer pieces() {
    return of(PIECES);
  }

  /** Ids: the 256 bytes in the order of GPT-2's stand-ins' own bytes, the pieces, then specials. */
  static Tokenizer of(List<String> pieces) {
    List<String> tokens = new ArrayList<>();
    String[] alphabet = alphabet();
    tokens.addAll(Arrays.asList(alphabet));
    for (String piece : pieces) {
      StringBuilder text = new StringBuilder();
      for (byte b : piece.getBytes(StandardCharsets.UTF_8)) {
        text.append(alphabet[b & 0xFF]);
      }
      tokens.add(text.toString());
    }
    int control = tokens.size();
    tokens.addAll(List.of("<|begin|>", "<|end|>", "<|tool|>"));
    int[] types = new int[tokens.size()];
    Arrays.fill(types, 1);
    Arrays.fill(types, control, types.length, 3);
    return Tokenizers.of(
        TokenizerSpec.of("gpt2", tokens.toArray(String[]::new))
            .withPre("gpt-2")
            .withTypes(types)
            .withMerges()
            .withId(SpecialRole.BOS, control)
            .withId(SpecialRole.EOS, control + 1));
  }

  private static String[] alphabet() {
    String[] out = new String[256];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      // GPT-2 shows bytes that are no printable Latin-1 character as U+0100 and following.
      boolean isShown = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      out[b] = Character.toString(isShown ? b : next++);
    }
    return out;
  }
}
