package dev.nearside.model;

import dev.nearside.format.TensorFile;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.hf.HfModelFile;
import dev.nearside.model.load.RemainderFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens model files of any format under GGUF's names. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Opens a GGUF file (the first part of a split one, too) or a folder of Hugging Face safetensors.
   * The remainder of a dropped original opens as that.
   *
   * @throws dev.nearside.format.FormatException when the file is broken
   */
  public static TensorFile open(Path path) {
    if (Files.isDirectory(path)) {
      return HfModelFile.open(path);
    }
    return RemainderFile.isAt(path) ? RemainderFile.open(path) : GgufFile.open(path);
  }
}
