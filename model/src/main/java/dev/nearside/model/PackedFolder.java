package dev.nearside.model;

import java.nio.file.Path;

/**
 * Where packed weights are kept between starts.
 *
 * @param path the folder; made when it is missing
 * @param maxBytes size of all files in it; the least recently used go first. 0 = keep nothing
 */
public record PackedFolder(Path path, long maxBytes) {
  /** Enough for some models of 7 billion weights. */
  public static final long DEFAULT_BYTES = 20_000_000_000L;

  /** A folder of the default size. */
  public static PackedFolder of(Path path) {
    return new PackedFolder(path, DEFAULT_BYTES);
  }
}
