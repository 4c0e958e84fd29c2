package dev.nearside.model;

import dev.nearside.base.Fault;
import dev.nearside.model.load.PackedCache;
import dev.nearside.model.load.PackedPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The packed weights that were kept in a folder.
 *
 * <p>A file that a running process has mapped may be removed: POSIX systems keep its bytes until it
 * is unmapped, and Windows refuses; then it stays.
 */
public final class PackedFiles {
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final System.Logger LOG = System.getLogger(PackedFiles.class.getName());

  private PackedFiles() {}

  /** A file of packed weights. */
  public record Entry(Path path, long bytes, Instant lastUse) {}

  /**
   * All of a folder, the least recently used first.
   *
   * @throws ModelException when the folder can't be read
   */
  public static List<Entry> list(Path folder) {
    List<Entry> out = new ArrayList<>();
    for (Path file : children(folder)) {
      if (file.toString().endsWith(PackedPlace.SUFFIX)) {
        entry(file).ifPresent(out::add);
      }
    }
    out.sort(Comparator.comparing(Entry::lastUse).thenComparing(Entry::path));
    return out;
  }

  /**
   * Those of one model, of whatever layout.
   *
   * @param model its file
   */
  public static List<Entry> of(Path folder, Path model) {
    if (!Files.isRegularFile(model)) {
      return List.of(); // only models of one file have any
    }
    try {
      String prefix = PackedPlace.prefix(model);
      return list(folder).stream()
          .filter(entry -> String.valueOf(entry.path.getFileName()).startsWith(prefix))
          .toList();
    } catch (IOException e) {
      return List.of(); // nobody could have packed it
    }
  }

  private static Optional<Entry> entry(Path file) {
    try {
      return Optional.of(new Entry(file, Files.size(file), PackedCache.lastUse(file)));
    } catch (IOException e) {
      return Optional.empty(); // gone meanwhile
    }
  }

  /**
   * Removes the least recently used files until there is room for one more.
   *
   * @param bytes of the new file
   * @param replaced the file that the new one will replace
   */
  public static void makeRoom(PackedFolder folder, long bytes, Path replaced) {
    trim(
        list(folder.path()).stream().filter(entry -> !entry.path.equals(replaced)).toList(),
        folder.maxBytes() - bytes);
  }

  /**
   * Removes the least recently used files beyond the limit.
   *
   * @return the removed files with their sizes
   */
  public static Map<Path, Long> trim(PackedFolder folder) {
    return trim(list(folder.path()), folder.maxBytes());
  }

  private static Map<Path, Long> trim(List<Entry> entries, long maxBytes) {
    Map<Path, Long> removed = new LinkedHashMap<>();
    long bytes = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry entry : entries) {
      if (bytes <= maxBytes) {
        break;
      }
      try {
        PackedCache.delete(entry.path);
        removed.put(entry.path, entry.bytes);
        bytes -= entry.bytes;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "packed weights in use stay", e);
      }
    }
    return removed;
  }

  /**
   * Removes those whose model file is gone or has changed since, those of an older version, those
   * that can't be read, and what a killed process left half written.
   *
   * @return the removed files with their sizes
   * @throws ModelException when the folder can't be read or a file can't be removed
   */
  public static Map<Path, Long> removeStale(Path folder) {
    Map<Path, Long> removed = new LinkedHashMap<>();
    try {
      for (Path file : children(folder)) {
        if (Files.exists(file) && isStale(file)) {
          long bytes = Files.size(file);
          PackedCache.delete(file);
          removed.put(file, bytes);
        }
      }
      return removed;
    } catch (IOException e) {
      throw new ModelException(Fault.of("packed weights can't be removed").where(folder), e);
    }
  }

  /** Reads all files: what is wrong, one line each; empty when all is well. */
  public static List<String> verify(Path folder) {
    return list(folder).stream().flatMap(entry -> PackedCache.fault(entry.path).stream()).toList();
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new ModelException(Fault.of("packed weights can't be listed").where(folder), e);
    }
  }

  private static boolean isStale(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(PackedPlace.SUFFIX)) {
      return !PackedCache.isOfUse(file);
    }
    return PackedCache.isSealOfNothing(file)
        || (name.startsWith(".") && name.endsWith(".tmp") && isAbandoned(file));
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
