package dev.nearside.format.io;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A segment's bytes as a stream, without copying the whole of it to the heap. */
public final class SegmentStream extends InputStream {
  private final MemorySegment bytes;
  private long at;

  public SegmentStream(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return at == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, bytes.byteSize() - at);
    if (count == 0) {
      return -1;
    }
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, into, offset, count);
    at += count;
    return count;
  }
}
