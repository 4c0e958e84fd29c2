package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.SafeNames;
import org.jspecify.annotations.Nullable;

/**
 * A file of a repository, as its hub lists it.
 *
 * @param path inside the repository, {@code /} between folders
 * @param size bytes, -1 when the hub does not say
 */
record RepoFile(String path, long size, @Nullable String sha256, @Nullable String gitSha1) {

  /**
   * The same file.
   *
   * @throws SourceException when its path is not safe to use: {@code ..}, reserved names, and so on
   */
  RepoFile checked() {
    for (String segment : path.split("/", -1)) {
      if (!SafeNames.isFile(segment)) {
        throw SourceException.permanent(
            Fault.of("the repository lists a path that is not safe to use")
                .got(path)
                .expected("letters, digits and . _ - + @ ="));
      }
    }
    return this;
  }

  /**
   * The name under which a model keeps it: a part of a sentence-transformers model has a folder.
   */
  String nameInModel() {
    return RepoChoice.isModule(path) ? path : name();
  }

  /** The last segment of the path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
