package dev.nearside.hub.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders of links to blobs under the files' own names, for readers that look for siblings: the
 * parts of a split GGUF, the files of a safetensors model. A view is made anew whenever it is not
 * complete, so it may be deleted at any time.
 */
final class Views {

  private final Path folder;
  private final Function<String, Path> blobs;

  Views(Path folder, Function<String, Path> blobs) {
    this.folder = folder;
    this.blobs = blobs;
  }

  Path pathOf(String modelName) {
    return folder.resolve(SafeNames.slug(modelName));
  }

  /** Makes the model's folder if it is not there or not right. */
  void make(Manifest manifest) {
    Path view = pathOf(manifest.name());
    try {
      if (!isRight(view, manifest)) {
        Path fresh = view.resolveSibling(view.getFileName() + "." + Durable.unique());
        Durable.deleteTree(fresh);
        Files.createDirectories(fresh);
        for (StoredFile file : manifest.files()) {
          link(fresh, file.name(), blobs.apply(file.sha256()));
        }
        Durable.deleteTree(view);
        moveUnlessThere(fresh, view, manifest);
      }
    } catch (IOException e) {
      throw StoreException.of("the folder of a model cannot be made", view, e);
    }
  }

  void remove(String modelName) throws IOException {
    Durable.deleteTree(pathOf(modelName));
  }

  private void moveUnlessThere(Path fresh, Path view, Manifest manifest) throws IOException {
    try {
      Files.move(fresh, view, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process made it meanwhile.
      if (!isRight(view, manifest)) {
        throw e;
      }
      Durable.deleteTree(fresh);
    }
  }

  private boolean isRight(Path view, Manifest manifest) throws IOException {
    if (!Files.isDirectory(view, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Set<String> present;
    try (Stream<Path> files = Files.walk(view)) {
      present =
          files
              .filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .map(path -> view.relativize(path).toString().replace('\\', '/'))
              .collect(Collectors.toSet());
    }
    for (StoredFile file : manifest.files()) {
      Path path = view.resolve(file.name());
      if (!present.remove(file.name())
          || !Files.exists(path)
          || !isCopyOf(path, blobs.apply(file.sha256()))) {
        return false;
      }
    }
    return present.isEmpty();
  }

  private static boolean isCopyOf(Path path, Path blob) throws IOException {
    return Files.isSameFile(path, blob) || Files.mismatch(path, blob) == -1;
  }

  /** A symbolic link; where those are forbidden (Windows) a hard link; else a copy. */
  private static void link(Path folder, String name, Path blob) throws IOException {
    Path link = folder.resolve(name);
    Path parent = Objects.requireNonNull(link.getParent());
    Files.createDirectories(parent);
    try {
      Files.createSymbolicLink(link, parent.relativize(blob));
    } catch (UnsupportedOperationException | FileSystemException refused) {
      try {
        Files.createLink(link, blob);
      } catch (UnsupportedOperationException | FileSystemException refusedToo) {
        Files.copy(blob, link);
      }
    }
  }
}
