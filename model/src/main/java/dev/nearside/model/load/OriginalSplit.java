package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.model.ModelException;
import dev.nearside.tensor.kernel.Unpacker;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes an original apart into packed weights and the remainder, and puts it together again. */
public final class OriginalSplit {
  private OriginalSplit() {}

  /**
   * Writes the remainder of a model. Every packed matrix is unpacked and compared with the
   * original; one that differs in a bit stays in the remainder. At last the original is put
   * together from the two files, and its digest taken.
   *
   * @param model a GGUF file
   * @param sha256 its digest
   * @param packed its packed weights
   * @param remainder written
   * @throws FormatException when a file is broken, or the original can't be had back bit for bit;
   *     then there is no remainder
   */
  public static void split(Path model, String sha256, Path packed, Path remainder) {
    try (Arena arena = Arena.ofShared();
        GgufFile file = GgufFile.open(model);
        PieceFile pieces = PieceFile.open(packed)) {
      MemorySegment original = map(model, arena);
      Optional<String> broken = pieces.firstBroken();
      if (broken.isPresent()) {
        throw new FormatException(
            Fault.of("packed weights are damaged").got(broken.get()).where(packed));
      }
      List<Range> dropped = dropped(file, original, pieces);
      PieceFile.Head head = new PieceFile.Head(RemainderFile.KIND, sha256, pieces.identity());
      PieceFile.write(remainder, head, kept(original, dropped));
    }
    boolean isProved = false;
    try {
      String found = sha256(remainder, packed);
      if (!found.equals(sha256)) {
        throw new FormatException(
            Fault.of("the original can't be had back from its packed weights")
                .got("sha256:" + found)
                .expected(sha256)
                .where(model));
      }
      isProved = true;
    } finally {
      if (isProved) {
        unseal(remainder); // it is moved
      } else {
        delete(remainder);
      }
    }
  }

  private static MemorySegment map(Path model, Arena arena) {
    try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw new ModelException(Fault.of("the model file can't be read").where(model), e);
    }
  }

  private static void unseal(Path file) {
    delete(PackedSeal.of(file));
  }

  private static void delete(Path file) {
    try {
      PackedCache.delete(file);
    } catch (IOException e) {
      throw new ModelException(Fault.of("a file can't be removed").where(file), e);
    }
  }

  /** What comes back bit for bit, in order. */
  private static List<Range> dropped(GgufFile file, MemorySegment original, PieceFile pieces) {
    String layout = pieces.head().layout();
    Optional<Unpacker> unpacker = Unpacker.of(layout);
    if (unpacker.isEmpty()) {
      throw new FormatException(
          Fault.of("packed weights of this layout can't be turned back").got(layout));
    }
    List<Range> out = new ArrayList<>();
    pieces
        .pieces()
        .forEach((name, piece) -> {
          PieceShape shape = PieceShape.of(piece.note());
          Range range = range(file, name, shape);
          if (isSame(unpacker.get(), shape, piece.data(), original, range)) {
            out.add(range);
          }
        });
    out.sort(Comparator.comparingLong(Range::offset));
    for (int i = out.size() - 1; i > 0; i--) {
      if (out.get(i).offset() < out.get(i - 1).end()) {
        out.remove(i); // packed twice
      }
    }
    if (out.isEmpty()) {
      throw new FormatException(
          Fault.of("nothing of the model comes back from its packed weights").got(layout));
    }
    return out;
  }

  private static Range range(GgufFile file, String name, PieceShape shape) {
    int hash = name.lastIndexOf('#');
    TensorInfo tensor = file.get(name.substring(0, hash));
    long from = Long.parseLong(name.substring(hash + 1));
    if (tensor.type() != shape.type() || from + shape.bytes() > tensor.bytes()) {
      throw new FormatException(
          Fault.of("packed weights are not of this model").got(name + ": " + shape));
    }
    return new Range(tensor.offset() + from, shape.bytes(), null, name);
  }

  private static boolean isSame(
      Unpacker unpacker,
      PieceShape shape,
      MemorySegment data,
      MemorySegment original,
      Range range) {
    long[] at = {range.offset()};
    boolean[] isSame = {true};
    RemainderFile.unpack(
        unpacker,
        shape,
        data,
        some -> {
          long bytes = some.byteSize();
          isSame[0] &= some.mismatch(original.asSlice(at[0], bytes)) < 0;
          at[0] += bytes;
        });
    return isSame[0];
  }

  private static Map<String, PieceFile.Piece> kept(MemorySegment original, List<Range> dropped) {
    Map<String, PieceFile.Piece> out = new LinkedHashMap<>();
    StringBuilder lines = new StringBuilder();
    long at = 0;
    for (Range range : dropped) {
      keep(original, at, range.offset(), out);
      lines.append(range.line());
      at = range.end();
    }
    keep(original, at, original.byteSize(), out);
    byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
    MemorySegment table =
        MemorySegment.ofBuffer(ByteBuffer.allocateDirect(text.length).put(text).flip());
    out.put(RemainderFile.DROPPED, new PieceFile.Piece("", table));
    return out;
  }

  private static void keep(
      MemorySegment original, long from, long to, Map<String, PieceFile.Piece> into) {
    if (to > from) {
      MemorySegment part = original.asSlice(from, to - from);
      into.put(RemainderFile.KEPT + from, new PieceFile.Piece("", part));
    }
  }

  /**
   * Writes the original of a remainder.
   *
   * @param into overwritten
   * @throws FormatException when a file is broken, or the packed weights are of a layout that this
   *     version does not know
   * @throws IOException when it can't be written
   */
  public static void rebuild(Path remainder, Path into) throws IOException {
    try (RemainderFile file = RemainderFile.open(remainder);
        FileChannel out =
            FileChannel.open(
                into,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      forEachBuffer(
          file,
          buffer -> {
            while (buffer.hasRemaining()) {
              out.write(buffer);
            }
          });
    }
  }

  /**
   * The digest of the original, unpacked and put together for it.
   *
   * @throws FormatException as {@link #rebuild}
   */
  public static String sha256(Path remainder) {
    try (RemainderFile file = RemainderFile.open(remainder)) {
      return sha256(file);
    }
  }

  private static String sha256(Path remainder, Path packed) {
    try (RemainderFile file = RemainderFile.open(remainder, packed)) {
      return sha256(file);
    }
  }

  private static String sha256(RemainderFile file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      forEachBuffer(file, digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written", e);
    }
  }

  /** Takes some bytes. */
  @FunctionalInterface
  private interface Taker {
    void take(ByteBuffer bytes) throws IOException;
  }

  /** A buffer over memory has at most 2 GiB. */
  private static final long CHUNK = 1L << 24;

  private static void forEachBuffer(RemainderFile file, Taker taker) throws IOException {
    IOException[] failure = new IOException[1];
    file.writeTo(piece -> {
      for (long at = 0; at < piece.byteSize() && failure[0] == null; at += CHUNK) {
        try {
          taker.take(piece.asSlice(at, Math.min(CHUNK, piece.byteSize() - at)).asByteBuffer());
        } catch (IOException e) {
          failure[0] = e;
        }
      }
    });
    if (failure[0] != null) {
      throw failure[0];
    }
  }
}
