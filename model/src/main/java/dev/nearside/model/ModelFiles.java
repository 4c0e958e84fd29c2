package dev.nearside.model;

import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.hf.HfModelFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens model files of any format under GGUF's names. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Opens a GGUF file (the first part of a split one, too) or a folder of Hugging Face safetensors.
   *
   * @throws dev.nearside.format.FormatException when the file is broken
   */
  public static TensorFile open(Path path) {
    return Files.isDirectory(path) ? HfModelFile.open(path) : GgufFile.open(path);
  }
}
