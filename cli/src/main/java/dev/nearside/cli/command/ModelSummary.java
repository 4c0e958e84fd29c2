package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.engine.ModelInspection;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.hub.LocalAdapter;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.model.ModelInfo;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code show} says first about a model. */
final class ModelSummary {
  private static final int USUAL_CONTEXT = 4096;

  private ModelSummary() {}

  /** A file of tensors alone. */
  static Map<String, Object> of(Path path, TensorFile file) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("path", path.toString());
    out.put("format", "safetensors");
    out.put("bytes", size(path));
    out.put("parameters", file.tensors().stream().mapToLong(TensorInfo::elems).sum());
    out.put("tensor_count", file.tensors().size());
    out.put("tensor_types", types(file.tensors()));
    return out;
  }

  /** A model that can be loaded. */
  static Map<String, Object> of(Path path, @Nullable LocalModel local, ModelInspection found) {
    ModelInfo info = found.info();
    CatalogueEntry entry = local == null ? null : local.entry();
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", local == null ? String.valueOf(path.getFileName()) : local.name());
    found.metadata().findString("general.name").ifPresent(title -> out.put("title", title));
    out.put("path", path.toString());
    out.put("format", Files.isDirectory(path) ? "safetensors folder" : "gguf");
    out.put("bytes", local == null ? size(path) : local.bytes());
    out.put("architecture", info.architecture());
    out.put("parameters", info.parameters());
    out.put("parameters_short", ModelFacts.count(info.parameters()));
    out.put("context_length", info.contextLength());
    out.put("layers", info.layers());
    out.put("hidden", info.hidden());
    out.put("vocabulary", found.tokenizer().vocabSize());
    out.put(
        "quantisation",
        entry == null ? ModelFacts.mostlyOf(found.tensors()) : entry.file().quant());
    out.put("licence", licence(entry, found.metadata()));
    if (found.encoder() != null) {
      out.put("pooling", found.encoder().pooling().label());
    }
    out.put("base", found.canGenerate() && found.chatTemplate() == null);
    out.put("capabilities", capabilities(found));
    out.put("template", template(found));
    if (local != null && !local.adapters().isEmpty()) {
      out.put("adapters", local.adapters().stream().map(LocalAdapter::name).toList());
    }
    if (entry != null) {
      out.put("languages", entry.languages());
    }
    int context = Math.min(USUAL_CONTEXT, info.contextLength());
    out.put("memory_bytes_at_" + context, info.weightBytes() + info.kvBytesPerToken() * context);
    out.put("tensor_count", found.tensors().size());
    out.put("tensor_types", types(found.tensors()));
    return out;
  }

  private static String licence(@Nullable CatalogueEntry entry, Metadata metadata) {
    return entry == null
        ? metadata.findString("general.license").orElse("not said")
        : entry.licence().id();
  }

  private static List<String> capabilities(ModelInspection found) {
    List<String> out = new ArrayList<>();
    if (found.canGenerate()) {
      out.add("completion");
    }
    if (found.chatTemplate() != null && found.templateFault() == null) {
      out.add("chat");
    }
    out.addAll(found.abilities());
    return out;
  }

  private static String template(ModelInspection found) {
    if (found.chatTemplate() == null) {
      return "none";
    }
    return found.templateFault() == null
        ? "present"
        : "broken: " + found.templateFault().fault().message();
  }

  /** Count and bytes of each type, most bytes first. */
  private static Map<String, Object> types(List<TensorInfo> tensors) {
    Map<TensorType, long[]> sums = new EnumMap<>(TensorType.class);
    for (TensorInfo t : tensors) {
      long[] sum = sums.computeIfAbsent(t.type(), type -> new long[2]);
      sum[0]++;
      sum[1] += t.bytes();
    }
    Map<String, Object> out = new LinkedHashMap<>();
    sums.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue()[1], a.getValue()[1]))
        .forEach(e -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("count", e.getValue()[0]);
          one.put("bytes", e.getValue()[1]);
          out.put(e.getKey().name(), one);
        });
    return out;
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new FormatException(Fault.of("the file can't be read").where(path), e);
    }
  }
}
