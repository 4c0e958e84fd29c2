package dev.nearside.format.io;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * A file that appears whole under its name or not at all: written beside it under a temporary name,
 * forced to the disk, then renamed. An existing file is replaced, and whoever has it mapped keeps
 * the old one. Little-endian. All methods throw {@link FormatException} when the file can't be
 * written, and {@link CancellationException} when the thread is interrupted.
 */
public final class NewFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long position;
  private boolean isDone;

  /**
   * @throws FormatException when the folder does not exist or can't be written
   */
  public NewFile(Path target) {
    this.target = target.toAbsolutePath();
    try {
      Temporary created = createTemporary();
      this.temporary = created.path;
      this.channel = created.channel;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private record Temporary(Path path, FileChannel channel) {}

  /** A name that is free: others are of another process, or left by one that was killed. */
  private Temporary createTemporary() throws IOException {
    Path path;
    int i = 0;
    do {
      path = folder().resolve("." + target.getFileName() + "." + i++ + ".tmp");
    } while (Files.exists(path));
    return new Temporary(
        path, FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
  }

  /** Bytes so far. */
  public long position() {
    return position;
  }

  public void int32(int value) {
    room(Integer.BYTES).putInt(value);
  }

  public void int64(long value) {
    room(Long.BYTES).putLong(value);
  }

  public void bytes(byte[] value) {
    segment(MemorySegment.ofArray(value));
  }

  /** Appends all bytes of {@code piece}. */
  public void segment(MemorySegment piece) {
    long done = 0;
    while (done < piece.byteSize()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = (int) Math.min(buffer.remaining(), piece.byteSize() - done);
      MemorySegment.copy(piece, done, MemorySegment.ofBuffer(buffer), 0, count);
      buffer.position(buffer.position() + count);
      position += count;
      done += count;
    }
  }

  /** Appends {@code count} zeros. */
  public void zeros(long count) {
    for (long i = 0; i < count; i++) {
      room(1).put((byte) 0);
    }
  }

  /**
   * Appends the data of {@code tensor}.
   *
   * @throws FormatException when {@code source} writes more or fewer bytes than the tensor has
   */
  public void tensor(TensorInfo tensor, TensorSource source) {
    long end = position + tensor.bytes();
    source.writeTo(piece -> {
      if (piece.byteSize() > end - position) {
        throw wrongSize(tensor, "more");
      }
      segment(piece);
    });
    if (position != end) {
      throw wrongSize(tensor, tensor.bytes() - (end - position) + " bytes");
    }
  }

  /** Makes the bytes so far the file, durably; must be followed by {@link #close}. */
  public void commit() {
    flush();
    try {
      channel.force(true);
      channel.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      isDone = true;
      forceFolder();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Commits all, the last one last; readers look for that one. */
  public static void commitAll(List<NewFile> files) {
    files.forEach(NewFile::commit);
  }

  /** Closes all of them, whatever happens. */
  public static void closeAll(List<NewFile> files) {
    RuntimeException failure = null;
    for (NewFile file : files) {
      try {
        file.close();
      } catch (FormatException | CancellationException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Removes the temporary file unless it was committed. */
  @Override
  public void close() {
    if (isDone) {
      return;
    }
    isDone = true;
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      flush();
    }
    position += bytes;
    return buffer;
  }

  private void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
    buffer.clear();
  }

  private Path folder() {
    Path folder = target.getParent();
    if (folder == null) {
      throw new FormatException(Fault.of("not a name for a file").got(target));
    }
    return folder;
  }

  /** A rename is durable when its folder is; only POSIX systems can say so. */
  private void forceFolder() throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel folder = FileChannel.open(folder(), StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  private FormatException wrongSize(TensorInfo tensor, String got) {
    return new FormatException(
        Fault.of("data of a tensor has another size than its shape says")
            .got(got)
            .expected(tensor.bytes() + " bytes")
            .where("tensor " + tensor.name()));
  }

  private RuntimeException unwritable(IOException e) {
    Fault fault = Fault.of("model file can't be written").where(target);
    String why =
        switch (e) {
          case NoSuchFileException missing -> "its folder does not exist";
          case AccessDeniedException denied -> "access is denied";
          default -> String.valueOf(e.getMessage());
        };
    return Interrupts.orElse(e, new FormatException(fault.got(why), e));
  }
}
