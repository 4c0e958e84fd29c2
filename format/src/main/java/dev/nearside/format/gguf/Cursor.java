package dev.nearside.format.gguf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.io.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads little-endian values one after the other and never past the end of what is there. */
final class Cursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final long limit;
  private final boolean cut;
  private long at;

  /**
   * @param limit never read beyond this many bytes, even if the file has more
   */
  Cursor(MemorySegment bytes, long limit) {
    this.bytes = bytes;
    this.limit = Math.min(bytes.byteSize(), limit);
    this.cut = bytes.byteSize() > limit;
  }

  /** Bytes from the start of the file. */
  long position() {
    return at;
  }

  long remaining() {
    return limit - at;
  }

  byte int8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, take(1, what));
  }

  short int16(String what) {
    return bytes.get(SHORT, take(2, what));
  }

  int int32(String what) {
    return bytes.get(INT, take(4, what));
  }

  long int64(String what) {
    return bytes.get(LONG, take(8, what));
  }

  /** A uint64 length, then that many bytes of UTF-8, at most {@code max}. */
  String string(String what, long max) {
    long start = at;
    long length = length(what);
    if (length > max) {
      throw fault("length of " + what, start)
          .apply(Long.toUnsignedString(length), "at most " + max);
    }
    byte[] raw = take(length, what, new byte[(int) length]);
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
  byte[] copySince(long start) {
    return bytes.asSlice(start, at - start).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The uint64 length of what follows, known to be there. */
  private long length(String what) {
    long start = at;
    long length = int64("length of " + what);
    if (length < 0 || length > remaining()) {
      throw fault("length of " + what, start).apply(Long.toUnsignedString(length), left());
    }
    return length;
  }

  private byte[] take(long count, String what, byte[] into) {
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, take(count, what), into, 0, into.length);
    return into;
  }

  private long take(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw fault((cut ? "header is too long at " : "file ends inside ") + what, at)
          .apply(Long.toUnsignedString(count) + " bytes to read", left());
    }
    long from = at;
    at += count;
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
