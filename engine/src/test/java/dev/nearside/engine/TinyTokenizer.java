package dev.nearside.engine;

import dev.nearside.tokenizer.SpecialRole;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import java.util.Arrays;

/**
 * A byte-level vocabulary without merges: a token per byte and some control tokens. Printable ASCII
 * characters have their own code as id.
 */
public final class TinyTokenizer {
  public static final int IM_START = 256;
  public static final int IM_END = 257;
  public static final int END_OF_TEXT = 258;

  private TinyTokenizer() {}

  public static Tokenizer create() {
    return withUnused(0);
  }

  /** The same with control tokens {@code <unused0>} and so on. */
  public static Tokenizer withUnused(int count) {
    String[] tokens = new String[FakeModel.VOCAB + count];
    int[] types = new int[tokens.length];
    Arrays.fill(types, 1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      // GPT-2 shows bytes that are no printable Latin-1 character as U+0100 and following.
      boolean isShown = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens[b] = Character.toString(isShown ? b : next++);
    }
    tokens[IM_START] = "<|im_start|>";
    tokens[IM_END] = "<|im_end|>";
    tokens[END_OF_TEXT] = "<|endoftext|>";
    tokens[259] = "<|im|>";
    Arrays.fill(types, 256, 260, 3);
    for (int i = 0; i < count; i++) {
      tokens[FakeModel.VOCAB + i] = "<unused" + i + ">";
      types[FakeModel.VOCAB + i] = 3;
    }
    return Tokenizers.of(
        TokenizerSpec.of("gpt2", tokens)
            .withPre("gpt-2")
            .withTypes(types)
            .withMerges()
            .withId(SpecialRole.BOS, IM_START)
            .withId(SpecialRole.EOS, IM_END));
  }
}
