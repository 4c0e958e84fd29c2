package dev.nearside.cli.command;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.model.Originals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The original of a model for a command that reads the file itself: the file, or, where that was
 * dropped, a copy that is made for as long as the command takes.
 */
record OriginalCopy(Path path, boolean isMade) implements AutoCloseable {
  /**
   * @param folder where a copy is made
   */
  static OriginalCopy of(Path model, Path folder) {
    if (!Originals.isDropped(model)) {
      return new OriginalCopy(model, false);
    }
    OriginalCopy made;
    try {
      made = new OriginalCopy(Files.createTempFile(folder, ".original-", ".tmp"), true);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    try {
      Originals.rebuild(model, made.path);
      return made;
    } catch (IOException e) {
      made.close();
      throw unwritable(made.path, e);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static FormatException unwritable(Path where, IOException e) {
    return new FormatException(
        Fault.of("the original of the model can't be written").got(e).where(where), e);
  }

  @Override
  public void close() {
    if (isMade) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new FormatException(Fault.of("a file can't be removed").got(e).where(path), e);
      }
    }
  }
}
