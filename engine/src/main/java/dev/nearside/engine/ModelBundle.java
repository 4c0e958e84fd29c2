package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.format.TensorFile;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.ModelInfo;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a model file or folder holds: weights and metadata under GGUF's names, the tokenizer, the
 * chat template.
 *
 * @param chatTemplate the template's source, or null for a base model
 * @param isFolder whether it is a folder of safetensors
 */
record ModelBundle(
    TensorFile tensors, Tokenizer tokenizer, @Nullable String chatTemplate, boolean isFolder) {
  /**
   * Opens a GGUF file or a folder of Hugging Face safetensors.
   *
   * @throws dev.nearside.base.NearsideException when something in it is broken
   */
  static ModelBundle open(Path path) {
    return of(ModelFiles.open(path), path);
  }

  /** The same, from a file that is open already: it is closed when something is broken. */
  static ModelBundle of(TensorFile tensors, Path path) {
    try {
      return read(tensors, path);
    } catch (RuntimeException e) {
      tensors.close();
      throw e;
    }
  }

  /** The same, but the file stays the caller's whatever comes. */
  static ModelBundle read(TensorFile tensors, Path path) {
    return Files.isDirectory(path) ? ofFolder(tensors, path) : ofGguf(tensors);
  }

  private static ModelBundle ofGguf(TensorFile tensors) {
    Tokenizer tokenizer = Tokenizers.of(TokenizerSpec.fromMetadata(tensors.metadata().asMap()));
    Optional<String> template = tensors.metadata().findString("tokenizer.chat_template");
    return new ModelBundle(tensors, tokenizer, template.orElse(null), false);
  }

  private static ModelBundle ofFolder(TensorFile tensors, Path folder) {
    Tokenizer tokenizer = Tokenizers.ofTokenizerJson(folder.resolve("tokenizer.json"));
    Optional<String> template = tensors.metadata().findString("tokenizer.chat_template");
    return new ModelBundle(tensors, tokenizer, template.orElse(null), true);
  }

  /**
   * Checks that every token has its row. A folder's embedding may be padded; a GGUF file's
   * vocabulary is padded along with it.
   *
   * @throws ChatException when vocabulary and embedding don't belong together
   */
  void checkVocabulary(ModelInfo info) {
    int tokens = tokenizer.vocabSize();
    int rows = info.vocabSize();
    if (isFolder ? tokens > rows : tokens != rows) {
      throw new ChatException(
          Fault.of("the vocabulary has another size than the embedding")
              .got(tokens + " tokens")
              .expected((isFolder ? "at most " : "") + rows + ", the embedding's rows")
              .where(isFolder ? "tokenizer.json" : "tokenizer.ggml.tokens"));
    }
  }
}
