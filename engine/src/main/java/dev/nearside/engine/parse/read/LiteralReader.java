package dev.nearside.engine.parse.read;

/**
 * Reads a text; white space in it stands for any amount of white space, also none. Nothing is read
 * before all of it is there.
 */
record LiteralReader(String literal) implements Reader {
  // White space after the literal is the next part's: how much of it is there yet is chance.
  LiteralReader {
    literal = literal.stripTrailing();
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    int n = 0;
    while (n < in.available() && Character.isWhitespace(in.charAt(n))) {
      n++;
    }
    for (int i = 0; i < literal.length(); i++) {
      char wanted = literal.charAt(i);
      if (Character.isWhitespace(wanted)) {
        while (n < in.available() && Character.isWhitespace(in.charAt(n))) {
          n++;
        }
      } else if (n == in.available()) {
        return atEnd(in, out, n);
      } else if (in.charAt(n) == wanted) {
        n++;
      } else {
        return Progress.FAILED;
      }
    }
    in.skip(n);
    return Progress.DONE;
  }

  // A reply that was cut off within the end of a call has nothing more to say.
  private static Progress atEnd(Feed in, CallWriter out, int read) {
    if (!in.isEnd()) {
      return Progress.MORE;
    }
    if (!out.isOpen()) {
      return Progress.FAILED;
    }
    in.skip(read);
    return Progress.DONE;
  }
}
