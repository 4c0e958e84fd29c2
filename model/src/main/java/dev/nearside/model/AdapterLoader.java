package dev.nearside.model;

import dev.nearside.format.TensorFile;

/** What a model that takes adapters can do besides {@link LanguageModel}. */
@FunctionalInterface
public interface AdapterLoader {
  /**
   * Loads a LoRA adapter as llama.cpp's {@code convert_lora_to_gguf.py} writes it, and takes the
   * file over: it is closed with the adapter, or at once when loading fails. Between two steps.
   *
   * @throws ModelException when the file is no such adapter, or one for another model
   * @throws dev.nearside.format.FormatException when metadata has the wrong type
   */
  Adapter load(TensorFile file);
}
