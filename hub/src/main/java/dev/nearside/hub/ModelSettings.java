package dev.nearside.hub;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model that was made from another one, or from files, has of its own.
 *
 * @param parent the model it was made from; null for one made from files
 * @param template chat template in Jinja; null = the file's own
 * @param system system prompt; null = none
 * @param parameters by Ollama's names: numbers, booleans, texts, and for {@code stop} a list
 * @param messages turns that stand before every chat
 * @param licenses their texts
 */
public record ModelSettings(
    @Nullable String parent,
    @Nullable String template,
    @Nullable String system,
    Map<String, Object> parameters,
    List<Turn> messages,
    List<String> licenses) {
  /** Nothing of its own. */
  public static final ModelSettings NONE =
      new ModelSettings(null, null, null, Map.of(), List.of(), List.of());

  /** A turn of a chat: {@code system}, {@code user} or {@code assistant}, and what was said. */
  public record Turn(String role, String content) {}

  public ModelSettings {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    messages = List.copyOf(messages);
    licenses = List.copyOf(licenses);
  }

  /** These, with what they do not say taken from {@code base}; parameters one by one. */
  public ModelSettings orElse(ModelSettings base) {
    Map<String, Object> all = new LinkedHashMap<>(base.parameters);
    all.putAll(parameters);
    return new ModelSettings(
        parent != null ? parent : base.parent,
        template != null ? template : base.template,
        system != null ? system : base.system,
        all,
        messages.isEmpty() ? base.messages : messages,
        licenses.isEmpty() ? base.licenses : licenses);
  }

  public ModelSettings withParent(@Nullable String name) {
    return new ModelSettings(name, template, system, parameters, messages, licenses);
  }
}
