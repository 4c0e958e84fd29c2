package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.base.NearsideException;
import dev.nearside.chat.ChatException;
import dev.nearside.engine.AdapterInspection;
import dev.nearside.engine.ModelInspection;
import dev.nearside.format.FormatException;
import dev.nearside.format.Metadata;
import dev.nearside.format.convert.Quantizer;
import dev.nearside.hub.LocalModel;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.serve.ModelBrief;
import dev.nearside.serve.ModelCard;
import dev.nearside.serve.ModelWorkshop;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server's way to model files. */
final class Workshop implements ModelWorkshop {
  private static final int LONG_ARRAY = 32;

  private record Known(Path path, FileTime time, @Nullable String parent) {}

  private final Map<Known, ModelCard> cards = new ConcurrentHashMap<>();

  @Override
  public ModelBrief brief(LocalModel model) {
    ModelFacts facts = ModelFacts.of(model);
    return new ModelBrief(
        model.isFolder() ? "safetensors" : "gguf",
        facts.family(),
        facts.parameters(),
        facts.quant(),
        facts.purpose());
  }

  @Override
  public ModelCard readWhole(LocalModel model) {
    return card(model, true);
  }

  @Override
  public ModelCard read(LocalModel model) {
    Known key;
    try {
      FileTime time = Files.getLastModifiedTime(model.path());
      key = new Known(model.path(), time, model.settings().parent());
    } catch (IOException e) {
      throw new ChatException(Fault.of("the model can't be read").where(model.path()), e);
    }
    ModelCard known = cards.get(key);
    if (known == null) {
      known = card(model, false);
      cards.put(key, known);
    }
    return known;
  }

  private static ModelCard card(LocalModel model, boolean isWhole) {
    ModelInspection found = ModelInspection.of(model.path());
    CatalogueEntry entry = model.entry();
    long parameters = found.info().parameters();
    String license =
        entry == null
            ? found.metadata().findString("general.license").orElse(null)
            : entry.licence().id();
    return new ModelCard(
        model.isFolder() ? "safetensors" : "gguf",
        found.info().architecture(),
        parameters,
        ModelFacts.count(parameters),
        entry == null ? ModelFacts.mostlyOf(found.tensors()) : entry.file().quant(),
        found.info().contextLength(),
        found.chatTemplate(),
        license,
        capabilities(found),
        metadata(found.metadata(), isWhole));
  }

  // Vocabularies are most of a header: they are neither kept nor sent without need.
  private static Map<String, Object> metadata(Metadata metadata, boolean isWhole) {
    Map<String, Object> out = new LinkedHashMap<>(metadata.asMap());
    if (!isWhole) {
      out.replaceAll((key, value) -> length(value) > LONG_ARRAY ? List.of() : value);
    }
    return out;
  }

  private static int length(Object value) {
    if (value instanceof List<?> list) {
      return list.size();
    }
    return value.getClass().isArray() ? Array.getLength(value) : 0;
  }

  private static List<String> capabilities(ModelInspection found) {
    List<String> out = new ArrayList<>();
    if (found.encoder() == null) {
      out.add("completion");
    }
    out.addAll(found.abilities());
    return out;
  }

  @Override
  public Set<String> quantizations() {
    return Quantizer.targets().stream().map(TensorType::name).collect(Collectors.toSet());
  }

  @Override
  public void checkAdapter(Path adapter, @Nullable Path model) {
    try {
      AdapterInspection.check(adapter, model);
    } catch (NearsideException e) {
      throw new ChatException(e.fault(), e); // the file that was sent is to blame
    }
  }

  @Override
  public void quantize(Path in, Path out, String type, Progress progress)
      throws InterruptedException {
    TensorType target = TensorType.ofName(type).orElseThrow();
    Quantizer quantizer = new Quantizer(Runtime.getRuntime().availableProcessors());
    Path folder = Objects.requireNonNull(out.toAbsolutePath().getParent(), "a root is no file");
    try (OriginalCopy original = OriginalCopy.of(in, folder)) {
      quantizer.quantize(
          original.path(), out, target, (tensor, done, all) -> progress.at(done, all));
    } catch (CancellationException e) {
      throw (InterruptedException) new InterruptedException("quantising was stopped").initCause(e);
    } catch (FormatException e) {
      throw new ChatException(e.fault(), e); // the model that was named is to blame
    }
  }
}
