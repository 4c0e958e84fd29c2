package dev.nearside.tokenizer;

import dev.nearside.base.Fault;
import dev.nearside.tokenizer.gguf.GgufTokenizers;
import dev.nearside.tokenizer.json.JsonTokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where tokenizers come from: a GGUF file's metadata, or Hugging Face's {@code tokenizer.json}. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * The tokenizer of a GGUF vocabulary; it gives the ids that llama.cpp gives.
   *
   * @throws TokenizerException when the vocabulary is broken, or of a kind that is not known
   */
  public static Tokenizer of(TokenizerSpec spec) {
    return GgufTokenizers.of(spec);
  }

  /**
   * The tokenizer of a {@code tokenizer.json}; it gives the ids that Hugging Face's library gives.
   *
   * @param json the file's bytes
   * @param config the bytes of {@code tokenizer_config.json} beside it, which names the beginning
   *     and end tokens; without it they are guessed from their usual texts
   * @throws TokenizerException when it is no such file, or uses a component that is not known
   */
  public static Tokenizer ofTokenizerJson(byte[] json, byte @Nullable [] config) {
    return JsonTokenizers.of(json, config);
  }

  /**
   * The tokenizer of the {@code tokenizer.json} at {@code file}, with the {@code
   * tokenizer_config.json} in the same folder if there is one.
   */
  public static Tokenizer ofTokenizerJson(Path file) {
    Path config = file.resolveSibling("tokenizer_config.json");
    try {
      return ofTokenizerJson(
          Files.readAllBytes(file), Files.exists(config) ? Files.readAllBytes(config) : null);
    } catch (IOException e) {
      throw new TokenizerException(
          Fault.of("can't read the tokenizer").got(String.valueOf(e.getMessage())).where(file), e);
    }
  }
}
