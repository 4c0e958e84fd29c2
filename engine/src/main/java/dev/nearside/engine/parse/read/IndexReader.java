package dev.nearside.engine.parse.read;

/** Reads a call's number after its marker; it may be missing. */
final class IndexReader implements Reader {
  private static final int MAX_DIGITS = 9;

  private final String open;
  private final boolean isId;
  private int digits;
  private boolean isOpened;

  /**
   * @param isId whether name and number are the call's id
   */
  IndexReader(String open, boolean isId) {
    this.open = open;
    this.isId = isId;
  }

  @Override
  public Progress read(Feed in, CallWriter out) {
    if (!isOpened) {
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
    while (digits < in.available() && Character.isDigit(in.charAt(digits))) {
      digits++;
    }
    if (digits > MAX_DIGITS) {
      return Progress.FAILED;
    }
    if (digits == in.available() && !in.isEnd()) {
      return Progress.MORE;
    }
    String number = in.take(digits);
    if (isId) {
      out.id("functions." + out.name() + ":" + number);
    }
    return Progress.DONE;
  }
}
