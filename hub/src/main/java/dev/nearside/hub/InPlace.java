package dev.nearside.hub;

import dev.nearside.base.Fault;
import dev.nearside.hub.catalogue.CatalogueEntry;
import dev.nearside.hub.catalogue.SourceSpec;
import dev.nearside.hub.source.FoundModel;
import dev.nearside.hub.source.HuggingFaceCache;
import dev.nearside.hub.source.OllamaCache;
import dev.nearside.hub.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Models outside the store: other programs' caches, and paths. */
final class InPlace {

  private final HuggingFaceCache huggingFace;
  private final OllamaCache ollama;
  private final Store store;

  InPlace(HubConfig.Caches caches, Store store) {
    this.huggingFace = new HuggingFaceCache(caches.huggingFaceHub());
    this.ollama = new OllamaCache(caches.ollamaModels());
    this.store = store;
  }

  /** A model that a cache holds under this name; damaged files count as absent. */
  Optional<LocalModel> find(ModelName name) throws InterruptedException {
    try {
      return switch (name) {
        case ModelName.HuggingFace hf ->
            intact(huggingFace.find(hf.repo(), hf.quant()), Origin.Kind.HUGGING_FACE_CACHE, null);
        case ModelName.Ollama model ->
            intact(ollama.find(model.name(), model.tag()), Origin.Kind.OLLAMA_CACHE, null);
        case ModelName.ModelScope ms -> Optional.empty();
        case ModelName.Plain plain -> Optional.empty();
        case ModelName.Local local -> Optional.empty();
      };
    } catch (IOException e) {
      return absentOr(e);
    } catch (UncheckedIOException e) {
      return absentOr(Objects.requireNonNull(e.getCause()));
    }
  }

  /** The file of a catalogue entry, if a cache has that very file. */
  Optional<LocalModel> find(CatalogueEntry entry) throws InterruptedException {
    try {
      String sha256 = entry.file().sha256();
      if (sha256 != null) {
        Optional<FoundModel> blob = Optional.ofNullable(ollama.blob(entry.name(), sha256));
        Optional<LocalModel> model = intact(blob, Origin.Kind.OLLAMA_CACHE, entry);
        if (model.isPresent()) {
          return model;
        }
      }
      for (SourceSpec source : entry.sources()) {
        if (source instanceof SourceSpec.HuggingFace hf) {
          Optional<FoundModel> found = huggingFace.find(hf.repo(), hf.file());
          boolean isRight =
              found.isPresent() && (sha256 == null || sha256.equals(found.get().sha256()));
          Optional<LocalModel> model =
              isRight ? intact(found, Origin.Kind.HUGGING_FACE_CACHE, entry) : Optional.empty();
          if (model.isPresent()) {
            return model;
          }
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return absentOr(e);
    } catch (UncheckedIOException e) {
      return absentOr(Objects.requireNonNull(e.getCause()));
    }
  }

  /** All models of the caches, not verified: verifying all would read many gigabytes. */
  List<LocalModel> list() {
    try {
      List<LocalModel> all = new ArrayList<>();
      for (FoundModel found : huggingFace.list()) {
        all.add(model(found, Origin.Kind.HUGGING_FACE_CACHE, null));
      }
      for (FoundModel found : ollama.list()) {
        all.add(model(found, Origin.Kind.OLLAMA_CACHE, null));
      }
      return all;
    } catch (IOException e) {
      throw unreadable(e);
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  /**
   * A path as a model.
   *
   * @throws HubException when there is nothing, or nothing that could be a model
   */
  static LocalModel atPath(Path path, String text) {
    try {
      if (Files.isDirectory(path)) {
        return folder(path, text);
      }
      if (!Files.isRegularFile(path)) {
        throw new HubException(Fault.of("there is no such file or folder").got(text).where(path));
      }
      return new LocalModel(
          text,
          path,
          Files.size(path),
          null,
          null,
          new Origin(Origin.Kind.LOCAL_PATH, path.toString()),
          Files.getLastModifiedTime(path).toInstant());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static LocalModel folder(Path path, String text) throws IOException {
    long bytes = 0;
    boolean hasWeights = false;
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file)) {
          bytes += Files.size(file);
          hasWeights |= file.toString().endsWith(".safetensors");
        }
      }
    }
    if (!hasWeights || !Files.isRegularFile(path.resolve("config.json"))) {
      throw new HubException(
          Fault.of("the folder is not a model")
              .got(text)
              .expected("config.json and *.safetensors in it")
              .where(path)
              .hint("For GGUF, name the file itself"));
    }
    return new LocalModel(
        text,
        path,
        bytes,
        null,
        null,
        new Origin(Origin.Kind.LOCAL_PATH, path.toString()),
        Files.getLastModifiedTime(path).toInstant());
  }

  private Optional<LocalModel> intact(
      Optional<FoundModel> found, Origin.Kind kind, @Nullable CatalogueEntry entry)
      throws IOException, InterruptedException {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    for (FoundModel.Digested file : found.get().digests()) {
      if (!store.isIntact(file.file(), file.sha256(), false)) {
        return Optional.empty();
      }
    }
    return Optional.of(model(found.get(), kind, entry));
  }

  private static LocalModel model(
      FoundModel found, Origin.Kind kind, @Nullable CatalogueEntry entry) {
    String name = entry == null ? found.name() : entry.name();
    Origin origin = new Origin(kind, found.path().toString());
    return new LocalModel(
        name, found.path(), found.bytes(), found.sha256(), entry, origin, found.modifiedAt());
  }

  /** Another user's cache is no cache of ours; any other fault is worth a word. */
  private static Optional<LocalModel> absentOr(IOException e) {
    if (e instanceof AccessDeniedException) {
      return Optional.empty();
    }
    throw unreadable(e);
  }

  private static HubException unreadable(Exception e) {
    return new HubException(Fault.of("a model folder cannot be read").got(String.valueOf(e)), e);
  }
}
