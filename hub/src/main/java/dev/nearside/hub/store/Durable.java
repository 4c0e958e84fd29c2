package dev.nearside.hub.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** File steps that survive a crash: write temp, fsync, rename, fsync the folder. */
public final class Durable {

  private Durable() {}

  /** Replaces {@code target} by {@code content} in one step; readers see the old or the new. */
  public static void write(Path target, byte[] content) throws IOException {
    Files.createDirectories(folderOf(target));
    Path temp = target.resolveSibling(target.getFileName() + "." + unique() + ".tmp");
    Files.write(temp, content);
    publish(temp, target);
  }

  /** A name part that no other running thread of any process uses. */
  static String unique() {
    return ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
  }

  /** Forces {@code temp} to the disk and renames it to {@code target}. */
  public static void publish(Path temp, Path target) throws IOException {
    Files.createDirectories(folderOf(target));
    try (FileChannel channel = FileChannel.open(temp, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try {
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temp, target, StandardCopyOption.REPLACE_EXISTING);
    }
    forceFolder(folderOf(target));
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a root is no file");
  }

  private static void forceFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      // Windows cannot open a folder; there the rename itself is journalled.
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Deletes a file or a folder with all in it, links themselves and not their targets. */
  public static void deleteTree(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // Already gone: what was wanted.
      return;
    }
  }

  /** Size of all files below a folder, links not followed; 0 when absent. */
  public static long treeBytes(Path root) throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return unlessGone(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            return unlessGone(e);
          }
        });
    return bytes[0];
  }

  /** Files may vanish under our eyes: a package client tidies up its own folder. */
  private static FileVisitResult unlessGone(@Nullable IOException e) throws IOException {
    if (e == null || e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
