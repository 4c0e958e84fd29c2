package dev.nearside.cli.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Words that may be paths. */
final class Paths {
  private Paths() {}

  /** The file or folder that a word names, if there is one. */
  static Optional<Path> existing(String word) {
    try {
      return word.isEmpty() ? Optional.empty() : Optional.of(Path.of(word)).filter(Files::exists);
    } catch (InvalidPathException e) {
      // A model's name may hold characters that a path can't.
      return Optional.empty();
    }
  }
}
