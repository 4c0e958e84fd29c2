package dev.nearside.hub.source;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model in another program's cache.
 *
 * @param name the name that finds it again
 * @param path what a reader opens: a GGUF file or a folder
 * @param digests the files and the digests that the cache names them by
 * @param sha256 of the one GGUF file, if the cache says
 */
public record FoundModel(
    String name,
    Path path,
    long bytes,
    @Nullable String sha256,
    List<Digested> digests,
    Instant modifiedAt) {

  /** A file whose sha256 the cache knows. */
  public record Digested(Path file, String sha256) {}

  public FoundModel {
    digests = List.copyOf(digests);
  }
}
