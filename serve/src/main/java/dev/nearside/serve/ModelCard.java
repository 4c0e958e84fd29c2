package dev.nearside.serve;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model's files say about it.
 *
 * @param format {@code gguf} or {@code safetensors}
 * @param family the architecture, by GGUF's name
 * @param parameters number of weights
 * @param parameterSize the same as people write it, such as {@code 1.7B}
 * @param quantization as files are named, such as {@code Q4_K_M}
 * @param contextLength positions that it was trained for; 0 = not said
 * @param template the chat template's source; null for a base model
 * @param license its name or text; null = not said
 * @param capabilities what it is for: {@code completion}, {@code embedding} or {@code rerank}; then
 *     {@code tools}, {@code thinking}
 * @param metadata the header's entries, lists among them
 */
public record ModelCard(
    String format,
    String family,
    long parameters,
    String parameterSize,
    String quantization,
    long contextLength,
    @Nullable String template,
    @Nullable String license,
    List<String> capabilities,
    Map<String, Object> metadata) {
  public ModelCard {
    capabilities = List.copyOf(capabilities);
    metadata = Map.copyOf(metadata);
  }

  public ModelBrief brief() {
    return new ModelBrief(format, family, parameterSize, quantization, capabilities.getFirst());
  }
}
