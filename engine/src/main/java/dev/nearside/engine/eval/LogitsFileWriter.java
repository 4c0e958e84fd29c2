package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a {@link LogitsFile}, row after row. The file appears under its name when {@link #commit}
 * is called, or not at all.
 */
public final class LogitsFileWriter implements AutoCloseable {
  private static final int STEPS = 65535;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final int vocabSize;

  /**
   * Starts a file.
   *
   * @param tokens the tokens of all windows, {@code (chunks, contextLength)}
   * @throws EvalException when the file can't be written
   */
  public LogitsFileWriter(Path target, int contextLength, int vocabSize, int[] tokens) {
    this.target = target.toAbsolutePath();
    this.temporary =
        this.target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    this.vocabSize = vocabSize;
    try {
      this.channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw unwritable(e);
    }
    writeHeader(contextLength, tokens);
  }

  int vocabSize() {
    return vocabSize;
  }

  private void writeHeader(int contextLength, int[] tokens) {
    long bytes = LogitsFile.HEADER_BYTES + (long) tokens.length * Integer.BYTES;
    MemorySegment header = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    header.copyFrom(MemorySegment.ofArray(LogitsFile.MAGIC));
    header.set(LogitsFile.INT, 8, contextLength);
    header.set(LogitsFile.INT, 12, vocabSize);
    header.set(LogitsFile.INT, 16, tokens.length / contextLength);
    MemorySegment.copy(tokens, 0, header, LogitsFile.INT, LogitsFile.HEADER_BYTES, tokens.length);
    append(header);
  }

  /**
   * Writes a row of logits in the file's form: 16-bit steps between the largest one and the
   * smallest, or 16 below the largest.
   *
   * @param into {@link LogitsFile#rowBytes} bytes
   */
  static void encode(float[] logits, LogProbs.Row stats, MemorySegment into) {
    float min = Math.max(stats.min(), stats.max() - LogProbs.FLOOR);
    float scale = (stats.max() - min) / STEPS;
    into.set(LogitsFile.FLOAT, 0, scale);
    into.set(LogitsFile.FLOAT, 4, min - stats.max() - stats.logSumExp());
    float inverse = scale == 0 ? 0 : 1 / scale;
    for (int i = 0; i < logits.length; i++) {
      int code = logits[i] > min ? (int) Math.rint(inverse * (logits[i] - min)) : 0;
      into.set(LogitsFile.SHORT, 8 + 2L * i, (short) code);
    }
    if (logits.length % 2 == 1) {
      into.set(LogitsFile.SHORT, 8 + 2L * logits.length, (short) 0);
    }
  }

  /** Appends bytes: rows that {@link #encode} made. */
  void append(MemorySegment bytes) {
    ByteBuffer buffer = bytes.asByteBuffer();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Gives the file its name; must be followed by {@link #close}. */
  public void commit() {
    try {
      channel.force(true);
      channel.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Removes the temporary file unless it was committed. */
  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private EvalException unwritable(IOException e) {
    return new EvalException(
        Fault.of("the file of logits can't be written").got(e).where(target), e);
  }
}
