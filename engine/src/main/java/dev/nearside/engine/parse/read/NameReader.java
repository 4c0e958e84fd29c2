package dev.nearside.engine.parse.read;

/** Reads a tool's name. */
final class NameReader implements Reader {
  private static final int MAX_NAME = 256;
  // They occur in the names of MCP tools and the like.
  private static final String INNER = "./:$@";

  private final char stop;
  private int length;

  /**
   * @param following the text that stands after the name
   */
  NameReader(String following) {
    String text = following.strip();
    stop = text.isEmpty() ? '\0' : text.charAt(0);
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (length == 0) {
      in.skipSpace();
    }
    while (length < in.available() && isPart(in.charAt(length))) {
      length++;
    }
    if (length > MAX_NAME || (length < in.available() && length == 0)) {
      return Progress.FAILED;
    }
    if (length == in.available()) {
      return in.isEnd() ? Progress.FAILED : Progress.MORE;
    }
    return out.name(in.take(length)) ? Progress.DONE : Progress.FAILED;
  }

  private boolean isPart(char c) {
    return Character.isLetterOrDigit(c)
        || c == '_'
        || c == '-'
        || (c != stop && INNER.indexOf(c) >= 0);
  }
}
