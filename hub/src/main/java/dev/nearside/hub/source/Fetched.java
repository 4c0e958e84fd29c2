package dev.nearside.hub.source;

import dev.nearside.hub.store.Manifest;
import dev.nearside.hub.store.StoredFile;
import java.util.List;

/** A model's files, all of them blobs now; for GGUF the first is the one to open. */
public record Fetched(Manifest.Kind kind, List<StoredFile> files) {
  public Fetched {
    files = List.copyOf(files);
  }
}
