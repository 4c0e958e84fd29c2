package dev.nearside.format.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** GGUF bytes put together by hand, right or wrong: it checks nothing. */
final class RawGguf {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A file that claims these counts. */
  static RawGguf header(int version, long tensors, long keys) {
    return new RawGguf().ascii("GGUF").int32(version).int64(tensors).int64(keys);
  }

  RawGguf ascii(String text) {
    return bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  RawGguf bytes(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  RawGguf int32(int value) {
    return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  RawGguf int64(long value) {
    return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  RawGguf string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return int64(utf8.length).bytes(utf8);
  }

  /** Key and type; the value follows. */
  RawGguf key(String key, int type) {
    return string(key).int32(type);
  }

  RawGguf uint32(String key, int value) {
    return key(key, 4).int32(value);
  }

  /** A row of the tensor table; {@code ne} as stored, contiguous dimension first. */
  RawGguf tensor(String name, int type, long offset, long... ne) {
    string(name).int32(ne.length);
    for (long n : ne) {
      int64(n);
    }
    return int32(type).int64(offset);
  }

  RawGguf pad(int alignment) {
    while (out.size() % alignment != 0) {
      out.write(0);
    }
    return this;
  }

  RawGguf zeros(int count) {
    return bytes(new byte[count]);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  GgufHeader parse() {
    return HeaderParser.parse(MemorySegment.ofArray(toBytes()), 0);
  }
}
