package dev.nearside.engine.power;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files in which a system tells about itself: a word or a number in each. */
@FunctionalInterface
interface SystemFiles {
  /** Those of this machine. */
  SystemFiles REAL = file -> Files.readString(file, StandardCharsets.ISO_8859_1).strip();

  /** The content of a file, without blanks around it. */
  String read(Path file) throws IOException;

  /** A whole number. */
  default long number(Path file) throws IOException {
    String text = read(file);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(file + " holds '" + text + "' instead of a number", e);
    }
  }

  /** The content, or null where there is no such file or none that can be read. */
  default @Nullable String find(Path file) {
    try {
      return read(file);
    } catch (IOException e) {
      return null; // whoever asks has another way
    }
  }

  /** The entries of a folder in the order of their names; none where there is no such folder. */
  static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }
}
