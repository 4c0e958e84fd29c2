package dev.nearside.serve.ollama;

import dev.nearside.chat.Message;
import dev.nearside.chat.ModelParameters;
import dev.nearside.chat.Part;
import dev.nearside.hub.GoTemplate;
import dev.nearside.hub.ModelDraft;
import dev.nearside.hub.ModelSettings;
import dev.nearside.hub.modelfile.Modelfile;
import dev.nearside.hub.modelfile.ModelfileParser;
import dev.nearside.jinja.Template;
import dev.nearside.jinja.TemplateException;
import dev.nearside.jinja.TemplateOptions;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.reply.MediaPlaces;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request of {@code /api/create}.
 *
 * @param quantize the type to write the weights in, by GGUF's name; null = as they are
 */
record CreateFields(String name, ModelDraft draft, @Nullable String quantize) {
  /**
   * Reads a request; a {@code modelfile}, as older clients send it, stands for the fields that are
   * not there.
   *
   * @param quantizations that are on offer
   */
  static CreateFields read(Fields f, Set<String> quantizations) {
    Modelfile old = f.text("modelfile").map(ModelfileParser::parse).orElse(null);
    ModelSettings settings = settings(f);
    if (old != null) {
      settings = settings.orElse(old.settings());
    }
    check(f, settings);
    return new CreateFields(
        ModelField.read(f),
        new ModelDraft(source(f, old), adapters(f, old), settings),
        quantize(f, quantizations));
  }

  private static ModelSettings settings(Fields f) {
    List<ModelSettings.Turn> messages = new ArrayList<>();
    for (Message m : ChatFields.messages(f, new MediaPlaces())) {
      boolean isPlain =
          m.toolCalls().isEmpty() && m.parts().stream().allMatch(Part.Text.class::isInstance);
      if (!isPlain) {
        throw f.wrong("messages", "may hold text only");
      }
      messages.add(new ModelSettings.Turn(m.role().wireName(), m.content()));
    }
    return new ModelSettings(
        null,
        f.text("template").filter(text -> !text.isBlank()).orElse(null),
        f.text("system").filter(text -> !text.isEmpty()).orElse(null),
        f.object("parameters").map(p -> Json.map(p.object())).orElse(Map.of()),
        messages,
        f.texts("license"));
  }

  private static void check(Fields f, ModelSettings settings) {
    for (String name : new TreeSet<>(settings.parameters().keySet())) {
      if (!ModelParameters.NAMES.contains(name) && !ModelParameters.WITHOUT_EFFECT.contains(name)) {
        throw f.wrong("parameters", "has no parameter '" + name + "'");
      }
    }
    ModelParameters.of(settings.parameters());
    String template = settings.template();
    if (template == null) {
      return;
    }
    if (GoTemplate.isLikely(template)) {
      throw f.wrong("template", GoTemplate.WHY);
    }
    try {
      Template.parse(template, TemplateOptions.huggingFace());
    } catch (TemplateException e) {
      throw f.wrong("template", "is no Jinja: " + e.getMessage());
    }
  }

  private static ModelDraft.Source source(Fields f, @Nullable Modelfile old) {
    Map<String, String> files = digests(f, "files");
    if (!files.isEmpty()) {
      if (f.has("from")) {
        throw f.wrong("from", "and 'files' exclude each other");
      }
      return new ModelDraft.Source.OfFiles(files);
    }
    String from = f.text("from").orElse(old == null ? "" : old.from());
    if (from.isBlank()) {
      throw f.wrong("from", "or 'files' is required");
    }
    return new ModelDraft.Source.From(from);
  }

  // A Modelfile that comes over the network names blobs: no file of this machine is its business.
  private static Map<String, String> adapters(Fields f, @Nullable Modelfile old) {
    Map<String, String> adapters = digests(f, "adapters");
    if (adapters.isEmpty() && old != null) {
      for (String adapter : old.adapters()) {
        String name = "adapter" + (adapters.isEmpty() ? "" : adapters.size() + 1) + ".gguf";
        adapters.put(name, Blob.sha256(adapter.replaceFirst("^@", "")));
      }
    }
    return adapters;
  }

  private static Map<String, String> digests(Fields f, String name) {
    Map<String, String> out = new LinkedHashMap<>();
    f.object(name)
        .ifPresent(object ->
            object.object().properties().forEach(e -> out.put(e.getKey(), digest(object, e))));
    return out;
  }

  private static String digest(Fields files, Map.Entry<String, JsonNode> e) {
    if (!e.getValue().isString()) {
      throw files.wrong(e.getKey(), "must be a digest");
    }
    return Blob.sha256(e.getValue().stringValue());
  }

  private static @Nullable String quantize(Fields f, Set<String> quantizations) {
    String asked = f.text("quantize").orElse("");
    if (asked.isBlank()) {
      return null;
    }
    // The K formats' S and M name mixtures; here all matrices get the one type.
    String type = asked.toUpperCase(Locale.ROOT).replaceFirst("_K_[SML]$", "_K");
    if (!quantizations.contains(type)) {
      throw f.wrong(
          "quantize", "must be one of " + String.join(", ", new TreeSet<>(quantizations)));
    }
    return type;
  }
}
