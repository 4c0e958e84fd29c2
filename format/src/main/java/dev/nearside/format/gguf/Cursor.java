package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.io.Utf8;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads little-endian values one after the other and never past the end of what is there. */
final class Cursor {
  private final ByteBuffer bytes;
  private final int limit;
  private final boolean cut;
  private int at;

  /**
   * @param most never read beyond this many bytes, even if the file has more
   */
  Cursor(MemorySegment file, int most) {
    this.limit = (int) Math.min(file.byteSize(), most);
    this.cut = file.byteSize() > most;
    // A buffer and not the segment: a vocabulary is read once, before the JIT has seen the loop,
    // and a segment's accessors are slow in the interpreter.
    this.bytes = file.asSlice(0, limit).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes from the start of the file. */
  int position() {
    return at;
  }

  int remaining() {
    return limit - at;
  }

  byte int8(String what) {
    return bytes.get(take(1, what));
  }

  short int16(String what) {
    return bytes.getShort(take(2, what));
  }

  int int32(String what) {
    return bytes.getInt(take(4, what));
  }

  long int64(String what) {
    return bytes.getLong(take(8, what));
  }

  /** A uint64 length, then that many bytes of UTF-8, at most {@code max}. */
  String string(String what, long max) {
    int start = at;
    long length = length(what);
    if (length > max) {
      throw fault("length of " + what, start)
          .apply(Long.toUnsignedString(length), "at most " + max);
    }
    int from = take(length, what);
    byte[] raw = copySince(from);
    String text = Utf8.decode(raw, 0, raw.length);
    if (text == null) {
      throw new FormatException(
          Fault.of(what + " is not valid UTF-8").where("byte " + (start + Long.BYTES)));
    }
    return text;
  }

  /** Steps over {@code count} strings. */
  void skipStrings(long count, String what) {
    for (long i = 0; i < count; i++) {
      take(length(what), what);
    }
  }

  /** Steps over {@code count} bytes. */
  void skip(long count, String what) {
    take(count, what);
  }

  /** A copy of the bytes from {@code start} up to here. */
  byte[] copySince(int start) {
    byte[] copy = new byte[at - start];
    bytes.get(start, copy);
    return copy;
  }

  /** The uint64 length of what follows, known to be there. */
  private long length(String what) {
    int start = at;
    long length = int64(what);
    if (length < 0 || length > remaining()) {
      throw fault("length of " + what, start).apply(Long.toUnsignedString(length), left());
    }
    return length;
  }

  private int take(long count, String what) {
    if (at == 0 && remaining() == 0) {
      throw fault("file is empty", at).apply("no bytes", "a GGUF header");
    }
    if (count < 0 || count > remaining()) {
      throw fault((cut ? "header is too long at " : "file ends inside ") + what, at)
          .apply(Long.toUnsignedString(count) + " bytes to read", left());
    }
    int from = at;
    at += (int) count;
    return from;
  }

  private String left() {
    return "at most the " + remaining() + " bytes that are left" + (cut ? " of a header" : "");
  }

  private interface Detail {
    FormatException apply(String got, String expected);
  }

  private static Detail fault(String what, long place) {
    return (got, expected) ->
        new FormatException(Fault.of(what).got(got).expected(expected).where("byte " + place));
  }
}
