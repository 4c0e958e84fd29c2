package dev.nearside.model.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * A small file beside a large one: when all bytes of that were last checked, and what it looked
 * like then. Its own time is when the large file was last used. A seal holds for a week and as long
 * as size, modification time and (on Unix, where no program can set it) change time are the same;
 * then a start need not read a gigabyte first. Disks do lose bits: hence the week.
 */
final class PackedSeal {
  static final String SUFFIX = ".seal";

  private static final Duration VALID = Duration.ofDays(7);
  private static final long MAX_BYTES = 1024;
  private static final System.Logger LOG = System.getLogger(PackedSeal.class.getName());

  private final Path file;
  private final Path seal;
  private final Clock clock;

  PackedSeal(Path file, Clock clock) {
    this.file = file;
    this.seal = of(file);
    this.clock = clock;
  }

  static Path of(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /** Whether the file was checked lately and has not changed since. */
  boolean holds() {
    try {
      if (Files.size(seal) > MAX_BYTES) {
        return false;
      }
      String[] lines = Files.readString(seal).split("\n", 2);
      Instant checked = Instant.parse(lines[0]);
      Instant now = clock.instant();
      return lines.length == 2
          && lines[1].equals(stamp())
          && !checked.isAfter(now)
          && checked.plus(VALID).isAfter(now);
    } catch (IOException | DateTimeException e) {
      return false; // none, or not ours
    }
  }

  /** Notes that all bytes were found right just now. A disk that refuses costs another look. */
  void set() {
    try {
      Files.writeString(seal, clock.instant() + "\n" + stamp());
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no seal: " + seal, e);
    }
  }

  /** Notes that the file is used. */
  void use() {
    try {
      Files.setLastModifiedTime(seal, FileTime.from(clock.instant()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "not noted as used: " + seal, e);
    }
  }

  /** When a file was last used, or written. */
  static Instant lastUse(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(of(file)).toInstant();
    } catch (NoSuchFileException e) {
      return Files.getLastModifiedTime(file).toInstant();
    }
  }

  private String stamp() throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    boolean isUnix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    Object changed = isUnix ? Files.getAttribute(file, "unix:ctime") : "-";
    return now.size() + "\n" + now.lastModifiedTime() + "\n" + changed + "\n";
  }
}
