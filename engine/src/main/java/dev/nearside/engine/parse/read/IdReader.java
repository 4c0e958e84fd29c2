package dev.nearside.engine.parse.read;

/** Reads an id after its marker; it may be missing. */
final class IdReader implements Reader {
  private static final int MAX_ID = 128;

  private final String open;
  private boolean isOpened;
  private int seen;

  IdReader(String open) {
    this.open = open;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (!isOpened) {
      in.skipSpace();
      switch (in.match(open)) {
        case YES -> {
          in.skip(open.length());
          isOpened = true;
        }
        case NO -> {
          return Progress.DONE;
        }
        case UNDECIDED -> {
          return Progress.MORE;
        }
      }
    }
    while (seen < in.available() && isId(in.charAt(seen))) {
      seen++;
    }
    if (seen > MAX_ID) {
      return Progress.FAILED;
    }
    if (seen == in.available() && !in.isEnd()) {
      return Progress.MORE;
    }
    out.id(in.take(seen));
    return Progress.DONE;
  }

  private static boolean isId(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == ':';
  }
}
