package dev.nearside.cli.command;

import dev.nearside.base.NearsideException;
import dev.nearside.engine.LocalEncoder;
import dev.nearside.engine.ModelInspection;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.model.ModelFiles;
import dev.nearside.model.Pooling;
import dev.nearside.tensor.TensorType;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a list of models says about one: from the catalogue, else from the file's header.
 *
 * @param family architecture family
 * @param parameters as people write it: {@code 135M}
 * @param quant quant format, or the type that most of the weights have
 * @param contextLength trained positions; 0 when the file does not say
 * @param isBase whether it only continues text
 * @param purpose the first of its capabilities: {@code completion}, {@code embedding} or {@code
 *     rerank}
 * @param fault why the file can't be read, or null
 */
record ModelFacts(
    String family,
    String parameters,
    String quant,
    long contextLength,
    boolean isBase,
    String purpose,
    @Nullable String fault) {
  private static final String COMPLETION = "completion";

  static ModelFacts of(LocalModel model) {
    CatalogueEntry entry = model.entry();
    if (entry != null) {
      return of(entry);
    }
    try (TensorFile file = ModelFiles.open(model.path())) {
      Metadata metadata = file.metadata();
      String architecture = metadata.findString("general.architecture").orElse("?");
      long elems = file.tensors().stream().mapToLong(TensorInfo::elems).sum();
      return new ModelFacts(
          architecture,
          count(elems),
          mostlyOf(file.tensors()),
          metadata.findInteger(architecture + ".context_length").orElse(0),
          metadata.findString("tokenizer.chat_template").isEmpty(),
          purpose(model.path()),
          null);
    } catch (NearsideException e) {
      return new ModelFacts("?", "?", "?", 0, false, COMPLETION, e.fault().message());
    }
  }

  static ModelFacts of(CatalogueEntry entry) {
    return new ModelFacts(
        entry.family(),
        entry.parameters(),
        entry.file().quant(),
        entry.contextLength(),
        entry.isBase(),
        switch (entry.purpose()) {
          case TEXT -> COMPLETION;
          case EMBED -> ModelInspection.EMBEDDING;
          case RERANK -> ModelInspection.RERANK;
        },
        null);
  }

  private static String purpose(Path path) {
    return LocalEncoder.poolingOf(path)
        .map(
            pooling -> pooling == Pooling.RANK ? ModelInspection.RERANK : ModelInspection.EMBEDDING)
        .orElse(COMPLETION);
  }

  /** A number of weights: {@code 135M}, {@code 1.7B}. */
  static String count(long elems) {
    if (elems < 1_000_000) {
      return String.format(Locale.ROOT, "%dk", Math.ceilDiv(elems, 1000));
    }
    double millions = elems / 1e6;
    return millions < 999.5
        ? String.format(Locale.ROOT, "%.0fM", millions)
        : String.format(Locale.ROOT, millions < 99_950 ? "%.1fB" : "%.0fB", millions / 1000);
  }

  /** The type that most bytes of the tensors have. */
  static String mostlyOf(List<TensorInfo> tensors) {
    Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
    tensors.forEach(t -> bytes.merge(t.type(), t.bytes(), Long::sum));
    return bytes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(e -> e.getKey().name())
        .orElse("none");
  }
}
