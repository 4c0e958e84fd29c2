package dev.nearside.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.Flushable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of bytes. Before it may wait for input it flushes the answers, so that a driver that waits
 * for each answer gets it, and one that sends thousands of lines at once is not slowed down.
 */
final class LineReader {
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final Flushable answers;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private boolean isAtEnd;
  private boolean isTooLong;

  /**
   * @param maxBytes the longest line; what is longer is skipped
   */
  LineReader(InputStream in, Flushable answers, int maxBytes) {
    this.in = in;
    this.answers = answers;
    this.maxBytes = maxBytes;
  }

  /** Goes to the next line; false at the end. */
  boolean next(ByteArrayOutputStream line) throws IOException {
    line.reset();
    isTooLong = false;
    boolean isAny = false;
    while (true) {
      if (from == to && !fill()) {
        return isAny;
      }
      isAny = true;
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      append(line, end);
      boolean isWhole = end < to;
      from = isWhole ? end + 1 : end;
      if (isWhole) {
        return true;
      }
    }
  }

  /** Whether the line was longer than allowed. */
  boolean isTooLong() {
    return isTooLong;
  }

  private void append(ByteArrayOutputStream line, int end) {
    if (isTooLong || line.size() + (long) (end - from) > maxBytes) {
      isTooLong = true;
      line.reset();
    } else {
      line.writeBytes(Arrays.copyOfRange(buffer, from, end));
    }
  }

  private boolean fill() throws IOException {
    if (isAtEnd) {
      return false;
    }
    answers.flush();
    from = 0;
    to = Math.max(0, in.read(buffer));
    isAtEnd = to == 0;
    return !isAtEnd;
  }
}
