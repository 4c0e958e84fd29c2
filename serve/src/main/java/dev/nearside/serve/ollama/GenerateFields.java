package dev.nearside.serve.ollama;

import dev.nearside.chat.Generation;
import dev.nearside.serve.fields.TokenIds;
import dev.nearside.serve.http.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request of {@code /api/generate}.
 *
 * @param suffix what stands after the gap that the reply fills; null without a gap
 * @param template a chat template for this request alone
 * @param context tokens of the conversation so far
 */
record GenerateFields(
    Fields fields,
    String prompt,
    @Nullable String suffix,
    @Nullable String system,
    @Nullable String template,
    boolean isRaw,
    int[] context,
    List<String> images,
    Generation generation) {
  static GenerateFields read(Fields f) {
    boolean isRaw = f.flag("raw", false);
    String template = filled(f, "template");
    String system = filled(f, "system");
    int[] context = context(f);
    if (isRaw && (template != null || system != null || context.length > 0)) {
      throw f.wrong("raw", "takes the prompt as it is: no 'template', 'system' or 'context'");
    }
    String suffix = filled(f, "suffix");
    if (suffix != null && (template != null || system != null || context.length > 0)) {
      throw f.wrong(
          "suffix", "is what stands after a gap: no 'template', 'system' or 'context' with it");
    }
    List<String> images = f.texts("images");
    if (!images.isEmpty()) { // what these make is text, and nothing else
      refuseImages(f, "raw", isRaw);
      refuseImages(f, "suffix", suffix != null);
      refuseImages(f, "template", template != null);
    }
    return new GenerateFields(
        f,
        f.text("prompt").orElse(""),
        suffix,
        system,
        template,
        isRaw,
        context,
        images,
        GenerationFields.read(f));
  }

  /** Whether it asks nothing. */
  boolean isEmpty() {
    return prompt.isEmpty() && suffix == null && images.isEmpty();
  }

  private static void refuseImages(Fields f, String key, boolean isThere) {
    if (isThere) {
      throw f.wrong("images", "can't be used with '" + key + "'");
    }
  }

  private static @Nullable String filled(Fields f, String key) {
    return f.text(key).filter(text -> !text.isEmpty()).orElse(null);
  }

  private static int[] context(Fields f) {
    JsonNode node = f.find("context");
    int[] ids = node == null ? new int[0] : TokenIds.read(node);
    if (ids == null) {
      throw f.wrong("context", "must be an array of token ids");
    }
    return ids;
  }
}
