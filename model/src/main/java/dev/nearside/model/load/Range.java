package dev.nearside.model.load;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an original, from one place to another: kept as they are, or packed.
 *
 * @param kept the bytes; null where they are packed
 * @param piece name of the packed piece; empty where bytes are kept
 */
record Range(long offset, long bytes, @Nullable MemorySegment kept, String piece) {
  long end() {
    return offset + bytes;
  }

  /**
   * All bytes of an original, in order and without gaps.
   *
   * @throws FormatException when the remainder is none
   */
  static List<Range> of(PieceFile remainder) {
    try {
      return inOrder(remainder);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new FormatException(
          Fault.of("a remainder has an impossible piece").got(e).where(remainder.path()), e);
    }
  }

  private static List<Range> inOrder(PieceFile remainder) {
    List<Range> out = new ArrayList<>();
    for (Map.Entry<String, PieceFile.Piece> e : remainder.pieces().entrySet()) {
      MemorySegment data = e.getValue().data();
      if (e.getKey().equals(RemainderFile.DROPPED)) {
        dropped(data, out);
      } else {
        String offset = e.getKey().substring(RemainderFile.KEPT.length());
        out.add(new Range(Long.parseLong(offset), data.byteSize(), data, ""));
      }
    }
    out.sort(Comparator.comparingLong(Range::offset));
    if (out.isEmpty()) {
      throw new FormatException(Fault.of("a remainder is empty").where(remainder.path()));
    }
    long end = 0;
    for (Range range : out) {
      if (range.offset != end) {
        throw new FormatException(
            Fault.of("a remainder has a gap")
                .got("byte " + range.offset)
                .expected(end)
                .where(remainder.path()));
      }
      end = range.end();
    }
    return out;
  }

  // Lines of offset, bytes and name.
  private static void dropped(MemorySegment text, List<Range> into) {
    String lines = StandardCharsets.UTF_8.decode(text.asByteBuffer()).toString();
    for (String line : lines.split("\n")) {
      String[] words = line.split(" ", 3);
      into.add(new Range(Long.parseLong(words[0]), Long.parseLong(words[1]), null, words[2]));
    }
  }

  String line() {
    return offset + " " + bytes + " " + piece + "\n";
  }

  private <T> T ofPiece(PieceFile packed, Function<PieceFile.Piece, T> what) {
    return Optional.ofNullable(packed.pieces().get(piece))
        .map(what)
        .orElseThrow(() ->
            new FormatException(
                Fault.of("packed weights lack a piece").expected(piece).where(packed.path())));
  }

  PieceShape shape(PieceFile packed) {
    PieceShape shape = ofPiece(packed, found -> PieceShape.of(found.note()));
    if (shape.bytes() != bytes) {
      throw new FormatException(
          Fault.of("a packed piece has another shape than the remainder says")
              .got(shape)
              .expected(bytes + " bytes")
              .where(packed.path()));
    }
    return shape;
  }

  MemorySegment packed(PieceFile packed) {
    return ofPiece(packed, found -> Objects.requireNonNull(found.data()));
  }
}
