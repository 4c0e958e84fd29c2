package dev.nearside.engine;

import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.Models;
import dev.nearside.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model looked at as closely as {@link LocalEngine#open} does, without reading its matrices: what
 * can be inspected can be loaded.
 *
 * @param tensors as the engine sees them: under GGUF's names
 * @param chatTemplate the chat template's source, or null for a base model
 * @param templateFault what is wrong with the chat template, or null: such a model can still
 *     complete
 * @param abilities what the template knows of: {@code tools}, {@code thinking}
 */
public record ModelInspection(
    ModelInfo info,
    Metadata metadata,
    List<TensorInfo> tensors,
    Tokenizer tokenizer,
    @Nullable String chatTemplate,
    @Nullable TemplateException templateFault,
    List<String> abilities) {

  public ModelInspection {
    tensors = List.copyOf(tensors);
    abilities = List.copyOf(abilities);
  }

  /**
   * Inspects a GGUF file or a folder of safetensors.
   *
   * @throws dev.nearside.base.NearsideException when the model could not be loaded
   */
  public static ModelInspection of(Path path) {
    ModelBundle bundle = ModelBundle.open(path);
    try {
      ModelInfo info = Models.inspect(bundle.tensors());
      bundle.checkVocabulary(info);
      return withTemplate(bundle, info);
    } finally {
      bundle.tensors().close();
    }
  }

  private static ModelInspection withTemplate(ModelBundle bundle, ModelInfo info) {
    List<String> abilities = new ArrayList<>();
    TemplateException fault = null;
    String source = bundle.chatTemplate();
    if (source != null) {
      try {
        Template template = Template.parse(source, TemplateOptions.huggingFace());
        if (template.mentions("tools")) {
          abilities.add("tools");
        }
        if (template.mentions("enable_thinking") || source.contains("<think>")) {
          abilities.add("thinking");
        }
      } catch (TemplateException e) {
        fault = e;
      }
    }
    return new ModelInspection(
        info,
        bundle.tensors().metadata(),
        bundle.tensors().tensors(),
        bundle.tokenizer(),
        source,
        fault,
        abilities);
  }
}
