package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.load.PackedCache;
import dev.nearside.model.load.PackedPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packed weights that were kept in a folder. */
public final class PackedFiles {
  private PackedFiles() {}

  /**
   * Removes those whose model file is gone or has changed since, and those that can't be read.
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
      List<Path> stale =
          files
              .filter(file -> file.getFileName().toString().endsWith(PackedPlace.SUFFIX))
              .filter(
                  file -> PackedCache.source(file).map(s -> !PackedPlace.exists(s)).orElse(true))
              .sorted()
              .toList();
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
}
