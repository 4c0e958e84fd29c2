package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaArray;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.TensorSource;
import dev.nearside.format.gguf.GgufFile;
import dev.nearside.format.gguf.GgufWriter;
import dev.nearside.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A mapped file of named pieces of bytes with checksums: a GGUF file of byte tensors whose metadata
 * say
 *
 * <pre>
 *   general.architecture       which kind of file it is
 *   nearside.pieces.version    of this format: 1
 *   nearside.pieces.source     what the pieces were made of
 *   nearside.pieces.layout     how
 *   nearside.pieces.notes      of each piece: what it is, for whoever wrote it
 *   nearside.pieces.sums       of each piece: CRC-32C of its bytes
 *   nearside.pieces.table      CRC-32C of all of the above with names, places and sizes
 * </pre>
 *
 * Opening checks all but the bytes of the pieces: header, table, length of the file. {@link
 * #firstBroken} reads the rest.
 */
final class PieceFile implements AutoCloseable {
  static final int ALIGNMENT = 64;

  private static final int VERSION = 1;
  private static final String KEY = "nearside.pieces.";

  /** A buffer over memory has at most 2 GiB. */
  private static final long CHUNK = 1L << 24;

  private final Path path;
  private final GgufFile file;
  private final Head head;
  private final List<String> notes;
  private final int[] sums;
  private final int table;
  private final Map<String, Piece> pieces;

  /**
   * What a file is.
   *
   * @param kind what its pieces are
   * @param source what they were made of
   * @param layout how
   */
  record Head(String kind, String source, String layout) {}

  /**
   * A piece.
   *
   * @param note what it is, for whoever reads it
   */
  record Piece(String note, MemorySegment data) {}

  private PieceFile(Path path, GgufFile file) {
    this.path = path;
    this.file = file;
    Metadata metadata = file.metadata();
    head =
        new Head(
            metadata.string("general.architecture"),
            metadata.string(KEY + "source"),
            metadata.string(KEY + "layout"));
    notes = metadata.strings(KEY + "notes");
    sums = metadata.ints(KEY + "sums");
    table = metadata.int32(KEY + "table");
    check();
    pieces = pieces(file, notes);
  }

  private static Map<String, Piece> pieces(GgufFile file, List<String> notes) {
    Map<String, Piece> out = new LinkedHashMap<>();
    for (int i = 0; i < notes.size(); i++) {
      TensorInfo tensor = file.tensors().get(i);
      out.put(tensor.name(), new Piece(notes.get(i), file.data(tensor)));
    }
    return out;
  }

  /**
   * Opens a file; whether its pieces are what was written is another question.
   *
   * @throws FormatException when it is broken, cut short, or of another version
   */
  static PieceFile open(Path path) {
    GgufFile file = GgufFile.open(path);
    try {
      int version = file.metadata().findInt32(KEY + "version").orElse(0);
      if (version != VERSION) {
        throw broken(path, "another version", version, VERSION);
      }
      return new PieceFile(path, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void check() {
    List<TensorInfo> tensors = file.tensors();
    if (notes.size() != tensors.size() || sums.length != tensors.size()) {
      throw broken(path, "notes and sums", notes.size() + " and " + sums.length, tensors.size());
    }
    int found = table(head, tensors, notes, sums);
    if (found != table) {
      throw broken(path, "another checksum of its table", hex(found), hex(table));
    }
    long end = file.headers().getFirst().dataOffset();
    for (TensorInfo tensor : tensors) {
      if (tensor.offset() != end) {
        throw broken(path, "a piece in another place", tensor.offset(), end);
      }
      end += padded(tensor.bytes());
    }
    try {
      if (Files.size(path) != end) {
        throw broken(path, "another length", Files.size(path), end);
      }
    } catch (IOException e) {
      throw new FormatException(Fault.of("the file can't be read").got(e).where(path), e);
    }
  }

  private static long padded(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static FormatException broken(Path path, String what, Object got, Object expected) {
    return new FormatException(
        Fault.of("a file of packed weights has " + what).got(got).expected(expected).where(path));
  }

  private static String hex(int sum) {
    return Integer.toHexString(sum);
  }

  Path path() {
    return path;
  }

  Head head() {
    return head;
  }

  /** Tells this file from any other: the checksum of its table, in which those of pieces are. */
  String identity() {
    return hex(table);
  }

  /** All pieces by name, in order. */
  Map<String, Piece> pieces() {
    return pieces;
  }

  /** The bytes of a piece, if there is one of this name. */
  Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(pieces.get(name)).map(Piece::data);
  }

  /** Reads all pieces: the name of the first whose bytes are not those that were written. */
  Optional<String> firstBroken() {
    List<TensorInfo> tensors = file.tensors();
    for (int i = 0; i < sums.length; i++) {
      if (sum(file.data(tensors.get(i))) != sums[i]) {
        return Optional.of(tensors.get(i).name());
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    file.close();
  }

  /**
   * Writes a file: it is there whole or not at all.
   *
   * @return its {@link #identity}
   * @throws FormatException when it can't be written
   */
  static String write(Path path, Head head, Map<String, Piece> pieces) {
    List<TensorInfo> tensors = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int[] sums = new int[pieces.size()];
    GgufWriter writer = new GgufWriter().alignment(ALIGNMENT);
    pieces.forEach((name, piece) -> {
      long[] shape = {piece.data.byteSize()};
      sums[tensors.size()] = sum(piece.data);
      tensors.add(TensorInfo.sized(name, TensorType.I8, shape, 0, 0));
      notes.add(piece.note);
      writer.tensor(name, TensorType.I8, shape, TensorSource.of(piece.data));
    });
    int table = table(head, tensors, notes, sums);
    writer
        .put("general.architecture", head.kind)
        .put(KEY + "version", MetaValue.int32(VERSION))
        .put(KEY + "source", head.source)
        .put(KEY + "layout", head.layout)
        .put(KEY + "notes", new MetaValue.Many(MetaArray.ofStrings(notes)))
        .put(KEY + "sums", new MetaValue.Many(MetaArray.ofInts(sums)))
        .put(KEY + "table", MetaValue.int32(table))
        .write(path);
    return hex(table);
  }

  // Places follow from the order and the sizes.
  private static int table(Head head, List<TensorInfo> tensors, List<String> notes, int[] sums) {
    StringBuilder text = new StringBuilder();
    text.append(head.kind).append('\n').append(head.source).append('\n').append(head.layout);
    for (int i = 0; i < sums.length; i++) {
      TensorInfo tensor = tensors.get(i);
      text.append('\n').append(tensor.name()).append(' ').append(tensor.type());
      text.append(' ').append(tensor.bytes()).append(' ').append(hex(sums[i]));
      text.append(' ').append(notes.get(i));
    }
    CRC32C sum = new CRC32C();
    sum.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return (int) sum.getValue();
  }

  private static int sum(MemorySegment data) {
    CRC32C sum = new CRC32C();
    for (long at = 0; at < data.byteSize(); at += CHUNK) {
      sum.update(data.asSlice(at, Math.min(CHUNK, data.byteSize() - at)).asByteBuffer());
    }
    return (int) sum.getValue();
  }
}
