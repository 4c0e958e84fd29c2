package dev.nearside.format.io;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Maps whole files, read-only, of any size. */
public final class MappedFile {
  private MappedFile() {}

  /**
   * The bytes of {@code path} for as long as {@code arena} lives.
   *
   * @throws FormatException when the file is missing, not a plain file, or can't be read
   * @throws java.util.concurrent.CancellationException when the thread is interrupted
   */
  public static MemorySegment map(Path path, Arena arena) {
    if (!Files.isRegularFile(path)) {
      throw new FormatException(
          Fault.of(Files.notExists(path) ? "model file does not exist" : "model file is not a file")
              .where(path));
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw Interrupts.orElse(
          e, new FormatException(Fault.of("model file can't be read").got(e).where(path), e));
    }
  }
}
