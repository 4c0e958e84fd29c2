package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.Originals;
import dev.nearside.tokenizer.Tokenizer;
import dev.nearside.tokenizer.TokenizerSpec;
import dev.nearside.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** From a name or a file to a tokenizer, without the weights. */
final class Vocabularies {
  private static final String JSON = "tokenizer.json";

  private Vocabularies() {}

  /**
   * The tokenizer of a model, of a GGUF file (of which only the header is read, so that one without
   * tensors will do), or of a {@code tokenizer.json}.
   *
   * @throws dev.nearside.base.NearsideException when there is none, or it is broken
   */
  static Tokenizer open(Models models, String name) throws InterruptedException {
    Optional<Path> file = Paths.existing(name).filter(Files::isRegularFile);
    return at(file.isPresent() ? file.get() : models.ready(name).path());
  }

  /** The tokenizer in a file or folder. */
  static Tokenizer at(Path path) {
    if (Files.isDirectory(path)) {
      return Tokenizers.ofTokenizerJson(path.resolve(JSON));
    }
    if (path.toString().endsWith(".json")) {
      return Tokenizers.ofTokenizerJson(path);
    }
    if (path.toString().endsWith(".safetensors")) {
      throw new FormatException(
          Fault.of("a safetensors file has no vocabulary")
              .where(path)
              .hint("Name its folder, or the " + JSON + " in it."));
    }
    return Tokenizers.of(TokenizerSpec.fromMetadata(metadata(path).asMap()));
  }

  private static Metadata metadata(Path path) {
    if (!Originals.isDropped(path)) {
      return GgufFile.readHeader(path).metadata();
    }
    try (TensorFile file = ModelFiles.open(path)) {
      return file.metadata();
    }
  }
}
