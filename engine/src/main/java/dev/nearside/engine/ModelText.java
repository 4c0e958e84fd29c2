package dev.nearside.engine;

import dev.nearside.engine.prompt.ChatTemplate;
import dev.nearside.format.TensorFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is to be read of a model besides its weights, and can be at the same time: its tokenizer and
 * its chat template, parsed.
 *
 * @param template null for a base model
 */
record ModelText(ModelBundle bundle, @Nullable ChatTemplate template) {
  /**
   * Reads metadata alone, which outlives the file.
   *
   * @throws dev.nearside.base.NearsideException when tokenizer or template are broken
   */
  static ModelText of(TensorFile tensors, Path path, EngineOptions options) {
    ModelBundle bundle = ModelBundle.read(tensors, path);
    String source = options.chatTemplate() != null ? options.chatTemplate() : bundle.chatTemplate();
    if (source == null) {
      return new ModelText(bundle, null);
    }
    Clock clock = Clock.system(ZoneId.systemDefault());
    return new ModelText(bundle, ChatTemplate.parse(source, bundle.tokenizer(), clock));
  }
}
