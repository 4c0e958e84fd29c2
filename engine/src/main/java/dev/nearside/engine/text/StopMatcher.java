package dev.nearside.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds stop strings in a text that comes in pieces. What may be the beginning of a stop string is
 * held back until it is decided.
 */
public final class StopMatcher {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean isStopped;
  private @Nullable String met;

  /**
   * @param stops strings that end the text; empty ones are ignored
   */
  public StopMatcher(List<String> stops) {
    this.stops = stops.stream().filter(s -> !s.isEmpty()).toList();
  }

  /** The text that can be passed on after {@code piece}; nothing once stopped. */
  public String accept(String piece) {
    if (isStopped) {
      return "";
    }
    if (stops.isEmpty()) {
      return piece;
    }
    held.append(piece);
    int start = firstStop();
    if (start >= 0) {
      isStopped = true;
      return take(start);
    }
    return take(held.length() - partialLength());
  }

  /** What is still held back when the text has ended. */
  public String finish() {
    return isStopped ? "" : take(held.length());
  }

  /** Whether a stop string was met; the text before it has been passed on. */
  public boolean isStopped() {
    return isStopped;
  }

  /** The stop string that was met; null while none was. */
  public @Nullable String met() {
    return met;
  }

  private String take(int count) {
    String out = held.substring(0, count);
    held.delete(0, count);
    return out;
  }

  // Where the stop string begins that is complete first, the longest of these; -1 when none is. It
  // is not the one that begins first: that would depend on how the text is cut into pieces.
  private int firstStop() {
    int best = -1;
    int bestEnd = Integer.MAX_VALUE;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      int end = at + stop.length();
      if (at >= 0 && (end < bestEnd || (end == bestEnd && at < best))) {
        best = at;
        bestEnd = end;
        met = stop;
      }
    }
    return best;
  }

  // Length of the longest end of the held text that begins a stop string.
  private int partialLength() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
          break;
        }
      }
    }
    return longest;
  }
}
