package dev.nearside.hub.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which files were hashed and what they looked like then, so that opening a model need
 * not read gigabytes. A seal holds digest, size, modification time and (on Unix, where no program
 * can set it) change time; when any differs, the file is hashed again.
 */
final class Seals {

  private final Path folder;

  Seals(Path folder) {
    this.folder = folder;
  }

  /** True when {@code file} has not changed since it was found to have this digest. */
  boolean holds(Path file, String sha256) throws IOException {
    Path seal = sealOf(file);
    try {
      return Files.size(seal) < 4096 && Files.readString(seal).equals(stamp(file, sha256));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Records that {@code file} was just found to have this digest. */
  void set(Path file, String sha256) throws IOException {
    byte[] stamp = stamp(file, sha256).getBytes(StandardCharsets.UTF_8);
    try {
      Durable.write(sealOf(file), stamp);
    } catch (FileSystemException e) {
      // A read-only or full disk: models can still be used, at the price of hashing each time.
      return;
    }
  }

  void remove(Path file) throws IOException {
    Files.deleteIfExists(sealOf(file));
  }

  private Path sealOf(Path file) {
    byte[] key = file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    return folder.resolve(Digests.hex(Digests.sha256(key)).substring(0, 40));
  }

  private static String stamp(Path file, String sha256) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    FileTime changed = changeTime(file);
    return sha256
        + "\n"
        + now.size()
        + "\n"
        + now.lastModifiedTime().toInstant()
        + "\n"
        + (changed == null ? "-" : changed.toInstant())
        + "\n";
  }

  private static @Nullable FileTime changeTime(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return null;
    }
    return Files.getAttribute(file, "unix:ctime") instanceof FileTime time ? time : null;
  }
}
