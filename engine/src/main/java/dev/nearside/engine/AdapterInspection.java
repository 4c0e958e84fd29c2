package dev.nearside.engine;

import dev.nearside.base.Fault;
import dev.nearside.chat.ChatException;
import dev.nearside.format.TensorFile;
import dev.nearside.model.Encoders;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Looks at adapters without loading them. */
public final class AdapterInspection {
  private AdapterInspection() {}

  /**
   * Checks that a file is a LoRA adapter, and one for a certain model: what passes, {@link
   * LocalEngine} can open and apply.
   *
   * @param model a GGUF file or a folder of safetensors; null = whichever
   * @throws dev.nearside.base.NearsideException when it is none, or is another model's
   */
  public static void check(Path adapter, @Nullable Path model) {
    if (Files.isDirectory(adapter)) {
      throw new ChatException(
          Fault.of("an adapter is one GGUF file")
              .got("a folder")
              .where(adapter)
              .hint("llama.cpp's convert_lora_to_gguf.py makes one of a PEFT folder."));
    }
    try (TensorFile file = ModelFiles.open(adapter)) {
      if (model == null) {
        Models.checkAdapter(file);
        return;
      }
      try (TensorFile base = ModelFiles.open(model)) {
        if (Encoders.isEncoderOnly(base)) {
          throw new ChatException(Fault.of("the model takes no adapters").where(model));
        }
        Models.checkAdapter(base, file);
      }
    }
  }
}
