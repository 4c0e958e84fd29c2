package dev.nearside.engine.parse.read;

/**
 * Finds the end of a JSON value in a text that comes in pieces. It looks at brackets and quotes
 * only: what else may be wrong in the value is for its reader to find.
 */
final class JsonScan {
  private int depth;
  private boolean isInString;
  private boolean isEscaped;
  private boolean isScalar;
  private boolean isDone;

  boolean isDone() {
    return isDone;
  }

  /** How many of the coming characters belong to the value. */
  int scan(Feed in) {
    int n = 0;
    while (!isDone && n < in.available()) {
      char c = in.charAt(n);
      if (isScalar && ",}] \t\r\n".indexOf(c) >= 0) {
        isDone = true;
      } else {
        step(c);
        n++;
      }
    }
    return n;
  }

  private void step(char c) {
    if (isInString) {
      if (isEscaped) {
        isEscaped = false;
      } else if (c == '\\') {
        isEscaped = true;
      } else if (c == '"') {
        isInString = false;
        isDone = depth == 0;
      }
      return;
    }
    switch (c) {
      case '"' -> isInString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> {
        depth--;
        isDone = depth <= 0;
      }
      default -> isScalar = depth == 0;
    }
  }
}
