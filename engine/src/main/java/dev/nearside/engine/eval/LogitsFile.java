package dev.nearside.engine.eval;

import dev.nearside.base.Fault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A base model's log-probabilities over a text, as {@code llama-perplexity --save-all-logits}
 * writes them; mapped, and checked against its size when it is opened. Little-endian:
 *
 * <pre>
 * "_logits_"  contextLength:i32  vocabSize:i32  chunks:i32
 * tokens:i32 × (chunks · contextLength)
 * rows × (chunks · scoredRows(contextLength)), each
 *     scale:f32  minimum:f32  code:u16 × (vocabSize, made even)
 * </pre>
 *
 * A row's log-probability is {@code scale · code + minimum}. Source: {@code perplexity} and {@code
 * kl_divergence} in llama.cpp's tools/perplexity/perplexity.cpp.
 */
public final class LogitsFile implements AutoCloseable {
  static final byte[] MAGIC = {'_', 'l', 'o', 'g', 'i', 't', 's', '_'};
  static final int HEADER_BYTES = MAGIC.length + 3 * Integer.BYTES;
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int MAX_CONTEXT = 1 << 24;
  private static final int MAX_VOCAB = 1 << 24;

  private final Path path;
  private final Arena arena;
  private final MemorySegment data;
  private final int contextLength;
  private final int vocabSize;
  private final int chunks;

  /** One decoded row; reused. */
  static final class Row {
    float scale;
    float minimum;
    final short[] codes;

    Row(int vocabSize) {
      this.codes = new short[vocabSize];
    }

    float logProb(int token) {
      return scale * (codes[token] & 0xffff) + minimum;
    }

    /** The most likely token, the first one of equals. */
    int best() {
      int best = 0;
      for (int i = 1; i < codes.length; i++) {
        if ((codes[i] & 0xffff) > (codes[best] & 0xffff)) {
          best = i;
        }
      }
      return best;
    }
  }

  private LogitsFile(Path path, Arena arena, MemorySegment data) {
    this.path = path;
    this.arena = arena;
    this.data = data;
    this.contextLength = data.get(INT, MAGIC.length);
    this.vocabSize = data.get(INT, MAGIC.length + 4);
    this.chunks = data.get(INT, MAGIC.length + 8);
  }

  /**
   * Opens a file.
   *
   * @throws EvalException when it can't be read, is no such file, or has another size than its
   *     header says
   */
  public static LogitsFile open(Path path) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment data = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      checkMagic(path, data);
      LogitsFile file = new LogitsFile(path, arena, data);
      file.checkSize();
      file.checkTokens();
      return file;
    } catch (IOException e) {
      arena.close();
      throw new EvalException(Fault.of("the file of logits can't be read").got(e).where(path), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Tokens of a window. */
  public int contextLength() {
    return contextLength;
  }

  public int vocabSize() {
    return vocabSize;
  }

  /** Windows. */
  public int chunks() {
    return chunks;
  }

  /** The tokens of a window. */
  public int[] tokens(int chunk) {
    long at = HEADER_BYTES + (long) chunk * contextLength * Integer.BYTES;
    return data.asSlice(at, (long) contextLength * Integer.BYTES).toArray(INT);
  }

  /** Rows of a window that are scored: the second half but for the last token. */
  static int scoredRows(int contextLength) {
    return contextLength - 1 - contextLength / 2;
  }

  /** Bytes of a row. */
  static long rowBytes(int vocabSize) {
    return 2L * Float.BYTES + 2L * Short.BYTES * ((vocabSize + 1L) / 2);
  }

  /**
   * Reads row {@code index} of a window, counted from the window's middle.
   *
   * @throws EvalException when its scale makes no sense
   */
  void read(int chunk, int index, Row into) {
    long row = (long) chunk * scoredRows(contextLength) + index;
    long at = rowsStart() + row * rowBytes(vocabSize);
    into.scale = data.get(FLOAT, at);
    into.minimum = data.get(FLOAT, at + 4);
    if (!(into.scale >= 0 && into.scale < 1) || !Float.isFinite(into.minimum)) {
      throw new EvalException(
          Fault.of("a row of the file of logits makes no sense")
              .got("scale " + into.scale + ", minimum " + into.minimum)
              .where(path + ", byte " + at));
    }
    MemorySegment.copy(data, SHORT, at + 8, into.codes, 0, vocabSize);
  }

  private long rowsStart() {
    return HEADER_BYTES + (long) chunks * contextLength * Integer.BYTES;
  }

  private static void checkMagic(Path path, MemorySegment data) {
    if (data.byteSize() < HEADER_BYTES
        || data.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) != -1) {
      throw new EvalException(
          Fault.of("not a file of logits")
              .expected("what llama-perplexity --save-all-logits writes")
              .where(path));
    }
  }

  private void checkSize() {
    checkRange("context length", contextLength, 4, MAX_CONTEXT);
    checkRange("vocabulary", vocabSize, 1, MAX_VOCAB);
    checkRange("number of windows", chunks, 1, Integer.MAX_VALUE / contextLength);
    // At most 2^31 tokens and 2^31 rows of 2^25 bytes: no overflow.
    long rows = (long) chunks * scoredRows(contextLength);
    long expected = rowsStart() + rows * rowBytes(vocabSize);
    if (data.byteSize() != expected) {
      throw new EvalException(
          Fault.of("the file of logits has another size than its header says")
              .got(data.byteSize() + " bytes")
              .expected(expected)
              .where(path)
              .hint("Was the program that wrote it stopped?"));
    }
  }

  private void checkRange(String what, int got, int low, int high) {
    if (got < low || got > high) {
      throw new EvalException(
          Fault.of("the file of logits has an impossible " + what)
              .got(got)
              .expected(low + " to " + high)
              .where(path));
    }
  }

  private void checkTokens() {
    for (long at = HEADER_BYTES; at < rowsStart(); at += Integer.BYTES) {
      int token = data.get(INT, at);
      if (token < 0 || token >= vocabSize) {
        throw new EvalException(
            Fault.of("the file of logits has a token that is not in its vocabulary")
                .got(token)
                .expected("0 to " + (vocabSize - 1))
                .where(path + ", byte " + at));
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
