package dev.nearside.hub;

import dev.nearside.hub.catalogue.CatalogueEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that can be loaded now.
 *
 * @param name full name, tag included; for a path, the path as given
 * @param path the GGUF file (the first part of a split one), or a folder with config, tokenizer and
 *     safetensors. A GGUF in the store is a blob: its file name need not end in {@code .gguf}
 * @param bytes size of all its files, adapters included
 * @param sha256 lower-case hex digest of the one GGUF file; null for folders, splits and files
 *     nobody gave us a digest of
 * @param entry the catalogue's facts, when the name is in the catalogue
 * @param modifiedAt when it was pulled, or the file's own time
 * @param settings what it has of its own beside its files
 * @param adapters that belong to it
 */
public record LocalModel(
    String name,
    Path path,
    long bytes,
    @Nullable String sha256,
    @Nullable CatalogueEntry entry,
    Origin origin,
    Instant modifiedAt,
    ModelSettings settings,
    List<LocalAdapter> adapters) {

  public LocalModel {
    adapters = List.copyOf(adapters);
  }

  /** A model that is its files and no more. */
  public LocalModel(
      String name,
      Path path,
      long bytes,
      @Nullable String sha256,
      @Nullable CatalogueEntry entry,
      Origin origin,
      Instant modifiedAt) {
    this(name, path, bytes, sha256, entry, origin, modifiedAt, ModelSettings.NONE, List.of());
  }

  /** True for a folder of safetensors, false for GGUF. */
  public boolean isFolder() {
    return Files.isDirectory(path);
  }
}
