package dev.nearside.cli.chat;

/**
 * Notices a reply that says the same over and over: small models fall into that, and would go on to
 * the end of the context.
 */
final class EndlessLoop {
  /** Characters at the end that must be one repeated piece, at least. */
  private static final int TAIL = 600;

  /** How often a long piece must come. */
  private static final int TIMES = 4;

  /** The longest piece. */
  private static final int LONGEST = 300;

  /** Characters between two looks. */
  private static final int STEP = 100;

  private final StringBuilder text = new StringBuilder();
  private int nextLook = TAIL;

  /** Adds what was said; true when the reply has become a loop. */
  boolean add(String more) {
    text.append(more);
    if (text.length() < nextLook) {
      return false;
    }
    nextLook = text.length() + STEP;
    for (int period = 1; period <= LONGEST; period++) {
      if (repeats(period)) {
        return true;
      }
    }
    return false;
  }

  private boolean repeats(int period) {
    int tail = Math.max(TAIL, TIMES * period);
    if (tail > text.length()) {
      return false;
    }
    for (int i = text.length() - tail + period; i < text.length(); i++) {
      if (text.charAt(i) != text.charAt(i - period)) {
        return false;
      }
    }
    return true;
  }
}
