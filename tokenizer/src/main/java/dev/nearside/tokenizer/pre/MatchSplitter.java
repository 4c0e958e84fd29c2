package dev.nearside.tokenizer.pre;

import java.util.List;

/**
 * Cuts at matches of some kind, and does with them what the behaviour says. Subclasses find the
 * matches.
 */
public abstract class MatchSplitter implements Splitter {
  private final SplitBehavior behavior;
  private final boolean invert;

  /**
   * @param invert whether the text between the matches counts as the matches, and the other way
   *     round
   */
  protected MatchSplitter(SplitBehavior behavior, boolean invert) {
    this.behavior = behavior;
    this.invert = invert;
  }

  /** Calls {@code matches} for every match, in order, without overlaps. */
  protected abstract void find(String text, Matches matches);

  /** Takes matches; an empty one only cuts. */
  protected interface Matches {
    void match(int start, int end);
  }

  @Override
  public final void split(String text, List<String> out) {
    Cutter cutter = new Cutter(text, out);
    find(text, cutter::match);
    cutter.finish();
  }

  /** Turns matches into pieces. A piece that waits for what comes next begins at {@code open}. */
  private final class Cutter {
    private final String text;
    private final List<String> out;
    private int at;
    private int open;
    private boolean openIsMatch;

    Cutter(String text, List<String> out) {
      this.text = text;
      this.out = out;
    }

    void match(int start, int end) {
      if (start > at) {
        part(at, start, invert);
      }
      if (end > start) {
        part(start, end, !invert);
      }
      at = end;
    }

    void finish() {
      if (at < text.length()) {
        part(at, text.length(), invert);
      }
      emit(open, text.length());
    }

    private void part(int start, int end, boolean isMatch) {
      switch (behavior) {
        case ISOLATED -> close(start, end);
        case REMOVED -> {
          if (isMatch) {
            emit(open, start);
            open = end;
          } else {
            close(start, end);
          }
        }
        case CONTIGUOUS -> {
          if (openIsMatch != isMatch) {
            emit(open, start);
            open = start;
          }
        }
        case MERGED_WITH_PREVIOUS -> {
          // A match goes to the text before it, but not to another match.
          if (!isMatch || openIsMatch) {
            emit(open, start);
            open = start;
          }
        }
        case MERGED_WITH_NEXT -> {
          if (isMatch || !openIsMatch) {
            emit(open, start);
            open = start;
          }
        }
      }
      openIsMatch = isMatch;
    }

    private void close(int start, int end) {
      emit(open, start);
      emit(start, end);
      open = end;
    }

    private void emit(int start, int end) {
      if (end > start) {
        out.add(text.substring(start, end));
      }
    }
  }
}
