package dev.nearside.engine;

import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.model.EncoderInfo;
import dev.nearside.model.Encoders;
import dev.nearside.model.ModelInfo;
import dev.nearside.model.Models;
import dev.nearside.model.Pooling;
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
 * @param abilities what the template knows of: {@code tools}, {@code thinking}; and what the model
 *     was made for: {@link #EMBEDDING}, {@link #RERANK}
 * @param encoder for models that were made to embed or to rank ({@link LocalEncoder} opens them),
 *     else null
 */
public record ModelInspection(
    ModelInfo info,
    Metadata metadata,
    List<TensorInfo> tensors,
    Tokenizer tokenizer,
    @Nullable String chatTemplate,
    @Nullable TemplateException templateFault,
    List<String> abilities,
    @Nullable EncoderInfo encoder) {
  /** The ability of models that turn texts into vectors. */
  public static final String EMBEDDING = "embedding";

  /** The ability of models that judge documents. */
  public static final String RERANK = "rerank";

  public ModelInspection {
    tensors = List.copyOf(tensors);
    abilities = List.copyOf(abilities);
  }

  /** Whether the model can generate text, so that {@link LocalEngine} can open it. */
  public boolean canGenerate() {
    return encoder == null || !encoder.isEncoderOnly();
  }

  /**
   * Inspects a GGUF file or a folder of safetensors.
   *
   * @throws dev.nearside.base.NearsideException when the model could not be loaded
   */
  public static ModelInspection of(Path path) {
    ModelBundle bundle = ModelBundle.open(path);
    try {
      boolean isEncoder = Encoders.isEncoderOnly(bundle.tensors());
      ModelInfo info =
          isEncoder ? Encoders.inspect(bundle.tensors()) : Models.inspect(bundle.tensors());
      bundle.checkVocabulary(info);
      boolean isForVectors = Encoders.isForVectors(bundle.tensors());
      return withTemplate(bundle, info, isForVectors ? Encoders.describe(bundle.tensors()) : null);
    } finally {
      bundle.tensors().close();
    }
  }

  private static ModelInspection withTemplate(
      ModelBundle bundle, ModelInfo info, @Nullable EncoderInfo encoder) {
    List<String> abilities = new ArrayList<>();
    if (encoder != null) {
      abilities.add(encoder.pooling() == Pooling.RANK ? RERANK : EMBEDDING);
    }
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
        abilities,
        encoder);
  }
}
