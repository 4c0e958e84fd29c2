package dev.nearside.engine.parse.read;

/**
 * The text that has come and is still needed. Characters before the mark are done with; between
 * mark and position they are read, but may yet turn out to be plain text.
 */
final class Feed {
  /** Whether a text stands at the position. */
  enum Match {
    YES,
    NO,
    /** So far it does, and the rest has not come yet. */
    UNDECIDED
  }

  private final StringBuilder text = new StringBuilder();
  private int mark;
  private int at;
  private boolean isEnd;

  void add(String piece) {
    text.append(piece);
  }

  /** No more text comes. */
  void end() {
    isEnd = true;
  }

  boolean isEnd() {
    return isEnd;
  }

  boolean has() {
    return at < text.length();
  }

  char next() {
    return text.charAt(at);
  }

  int available() {
    return text.length() - at;
  }

  char charAt(int ahead) {
    return text.charAt(at + ahead);
  }

  void skip(int count) {
    at += count;
  }

  /** Skips white space. */
  void skipSpace() {
    while (has() && Character.isWhitespace(next())) {
      at++;
    }
  }

  /** Skips white space and these characters. */
  void skipSpaceAnd(String others) {
    while (has() && (Character.isWhitespace(next()) || others.indexOf(next()) >= 0)) {
      at++;
    }
  }

  /** Whether {@code literal} stands at the position; nothing is read. */
  Match match(String literal) {
    return matchAt(literal, 0);
  }

  /** The same, {@code from} characters ahead. */
  Match matchAt(String literal, int from) {
    int n = Math.min(literal.length(), available() - from);
    for (int i = 0; i < n; i++) {
      if (charAt(from + i) != literal.charAt(i)) {
        return Match.NO;
      }
    }
    return n == literal.length() ? Match.YES : isEnd ? Match.NO : Match.UNDECIDED;
  }

  /** How far ahead {@code literal} stands, looked for from {@code from} ahead; -1 if nowhere. */
  int find(String literal, int from) {
    int found = text.indexOf(literal, at + from);
    return found < 0 ? -1 : found - at;
  }

  /** Reads {@code count} characters. */
  String take(int count) {
    String taken = text.substring(at, at + count);
    at += count;
    return taken;
  }

  /** The next characters, unread. */
  String peek(int count) {
    return text.substring(at, at + Math.min(count, available()));
  }

  /** What was read is used. */
  void commit() {
    mark = at;
  }

  /** Goes back to the mark. */
  void rewind() {
    at = mark;
  }

  /** What was read since the mark. */
  String uncommitted() {
    return text.substring(mark, at);
  }

  /** Forgets what is done with. */
  void compact() {
    text.delete(0, mark);
    at -= mark;
    mark = 0;
  }

  /** How many characters at the end may be the beginning of {@code marker}, which is not there. */
  int heldFor(String marker) {
    for (int n = Math.min(marker.length() - 1, available()); n > 0; n--) {
      if (endsWith(marker, n)) {
        return n;
      }
    }
    return 0;
  }

  private boolean endsWith(String marker, int count) {
    int from = text.length() - count;
    for (int i = 0; i < count; i++) {
      if (text.charAt(from + i) != marker.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
