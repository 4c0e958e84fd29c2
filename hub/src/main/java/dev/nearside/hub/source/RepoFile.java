package dev.nearside.hub.source;

import org.jspecify.annotations.Nullable;

/**
 * A file of a repository, as its hub lists it.
 *
 * @param path inside the repository, {@code /} between folders
 * @param size bytes, -1 when the hub does not say
 */
record RepoFile(String path, long size, @Nullable String sha256, @Nullable String gitSha1) {

  /** The last segment of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
