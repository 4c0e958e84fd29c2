package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.load.PackedCache;
import dev.nearside.model.load.PackedPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packed weights that were kept in a folder. */
public final class PackedFiles {
  private static final Duration QUIET = Duration.ofMinutes(10);

  private PackedFiles() {}

  /**
   * Removes those whose model file is gone or has changed since, those of an older version, those
   * that can't be read, and what a killed process left half written.
   *
   * @return the removed files with their sizes
   * @throws ModelException when the folder can't be read or a file can't be removed
   */
  public static Map<Path, Long> removeStale(Path folder) {
    Map<Path, Long> removed = new LinkedHashMap<>();
    if (!Files.isDirectory(folder)) {
      return removed;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> stale = files.filter(PackedFiles::isStale).sorted().toList();
      for (Path file : stale) {
        long bytes = Files.size(file);
        Files.delete(file);
        removed.put(file, bytes);
      }
      return removed;
    } catch (IOException e) {
      throw new ModelException(Fault.of("packed weights can't be removed").where(folder), e);
    }
  }

  private static boolean isStale(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(PackedPlace.SUFFIX)) {
      return !PackedCache.isOfUse(file);
    }
    return name.startsWith(".") && name.endsWith(".tmp") && isAbandoned(file);
  }

  // Whoever is writing a file changes it all the time.
  private static boolean isAbandoned(Path file) {
    try {
      Instant changed = Files.getLastModifiedTime(file).toInstant();
      return changed.isBefore(Instant.now().minus(QUIET));
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }
}
